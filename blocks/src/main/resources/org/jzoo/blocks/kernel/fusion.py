# Text x (B, T, D) and image y (B, N, D) side by side, each with its type's row of types (2, D).
def join(self, x: Tensor, y: Tensor, types: Tensor) -> Tensor:
    return torch.cat([x + torch.select(types, 0, 0), y + torch.select(types, 0, 1)], 1)

def modulate(self, y: Tensor, modulation: Tensor) -> Tensor:
    halves = torch.chunk(torch.unsqueeze(modulation.to(y.dtype), 1), 2, -1)
    return y * (1.0 + halves[0]) + halves[1]

def join_masks(self, x: Tensor, y: Tensor) -> Tensor:
    return torch.cat([x, y], 1)

def part(self, x: Tensor, start: int, count: int) -> Tensor:
    return torch.narrow(x, 1, start, count)

def concatenate(self, x: Tensor, y: Tensor) -> Tensor:
    return torch.cat([x, y.to(x.dtype)], -1)

def add_vector(self, x: Tensor, vector: Tensor) -> Tensor:
    return x + torch.unsqueeze(vector.to(x.dtype), 1)

def mean(self, x: Tensor, y: Tensor) -> Tensor:
    return (x + y) * 0.5

def take(self, x: Tensor, pairs: Tensor, column: int) -> Tensor:
    return torch.index_select(x, 0, torch.select(pairs, 1, column))

def all_true(self, x: Tensor, columns: int) -> Tensor:
    return torch.ones([x.size(0), columns], dtype=torch.bool, device=x.device)

# present (B, 2), both true, with column false where that stream is absent as a whole.
def absent(self, present: Tensor, column: int) -> Tensor:
    kept = torch.ne(torch.arange(2, device=present.device), column)
    return torch.logical_and(present, torch.unsqueeze(kept, 0))

def keep_present(self, x: Tensor, missing: Tensor, present: Tensor, column: int) -> Tensor:
    there = torch.unsqueeze(torch.unsqueeze(torch.select(present, 1, column), -1), -1)
    return torch.where(there, x, missing.to(x.dtype))

# A missing stream is one token long.
def present_mask(self, mask: Tensor, present: Tensor, column: int) -> Tensor:
    there = torch.unsqueeze(torch.select(present, 1, column), -1)
    first = torch.unsqueeze(torch.eq(torch.arange(mask.size(1), device=mask.device), 0), 0)
    return torch.where(there, mask, first)

def rows_like(self, like: Tensor, row: Tensor) -> Tensor:
    return torch.expand(torch.unsqueeze(torch.unsqueeze(row, 0), 0), [like.size(0), 1, row.size(0)])

# Where both are there, one of the two is lost with probability p, each in half of the cases.
def drop_modality(self, present: Tensor, p: float) -> Tensor:
    u = torch.rand([present.size(0)], device=present.device)
    kept = torch.stack([torch.ge(u, p / 2.0), torch.lt(u, 1.0 - p / 2.0)], 1)
    lone = torch.logical_not(torch.all(present, 1, True))
    return torch.logical_and(present, torch.logical_or(kept, lone))

# Softmax over what mask keeps; exact zeros elsewhere, also where nothing is kept.
def masked_softmax(self, scores: Tensor, mask: Tensor) -> Tensor:
    outside = torch.logical_not(mask)
    weights = torch.softmax(torch.masked_fill(scores.to(torch.float32), outside, -3e38), -1)
    return torch.masked_fill(weights, outside, 0)

def weigh(self, x: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    return x * torch.narrow(weights, 1, 0, 1) + y * torch.narrow(weights, 1, 1, 1)

# Token weights (B, T) of tokens (B, T, D): their weighted sum.
def weighted_sum(self, x: Tensor, weights: Tensor) -> Tensor:
    return torch.squeeze(torch.matmul(torch.unsqueeze(weights, 1), x), 1)

def shares(self, weights: Tensor, first: int) -> Tensor:
    text = torch.sum(torch.narrow(weights, 1, 0, first), [1])
    image = torch.sum(torch.narrow(weights, 1, first, weights.size(1) - first), [1])
    return torch.stack([text, image], 1)

def score_tokens(self, x: Tensor, y: Tensor) -> Tensor:
    return torch.cat([torch.squeeze(x, -1), torch.squeeze(y, -1)], 1)

# Only tokens of streams that are there.
def token_mask(self, x: Tensor, y: Tensor, present: Tensor) -> Tensor:
    text = torch.logical_and(x, torch.narrow(present, 1, 0, 1))
    image = torch.logical_and(y, torch.narrow(present, 1, 1, 1))
    return torch.cat([text, image], 1)

# KL of the batch's mean weights from (1/2, 1/2), over examples with both.
def imbalance(self, weights: Tensor, present: Tensor, coefficient: float) -> Tensor:
    both = torch.all(present, 1, True).to(torch.float32)
    mean = torch.sum(weights * both, [0]) / torch.clamp(torch.sum(both), 1.0)
    return torch.sum(mean * torch.log(torch.clamp(mean * 2.0, 1e-6))) * coefficient

def log_weights(self, weights: Tensor) -> Tensor:
    return torch.log(torch.clamp(weights, 1e-6))

# Mean of -log g at the column that a row names, 0 where no row names one.
def trust(self, log_weights: Tensor, columns: Tensor, ignore: int) -> Tensor:
    named = torch.ne(columns, ignore)
    at = torch.unsqueeze(torch.clamp(columns, 0), 1)
    values = torch.squeeze(torch.gather(log_weights, 1, at), 1) * named.to(torch.float32)
    return torch.neg(torch.sum(values)) / torch.clamp(torch.sum(named.to(torch.float32)), 1.0)

# How much the text's tokens attend to each image token: weights (B, H, T, N), or (B, H, T + N, T + N)
# of both streams side by side, as shares (B, N).
def image_attention(self, weights: Tensor, text_mask: Tensor) -> Tensor:
    t = text_mask.size(1)
    rows = torch.narrow(weights, 2, 0, t)
    if weights.size(2) > t:
        rows = torch.narrow(rows, 3, t, weights.size(3) - t)
    kept = torch.unsqueeze(text_mask.to(weights.dtype), -1)
    return torch.sum(torch.mean(rows, [1]) * kept, [1])

def as_shares(self, x: Tensor) -> Tensor:
    return x / torch.clamp(torch.sum(x, [1], True), 1e-9)

# What the gate does where nothing is masked, each mean weighed by its share.
def gate(self, x: Tensor, y: Tensor, weight: Tensor, bias: Tensor) -> List[Tensor]:
    means = torch.stack([torch.mean(x, [1]), torch.mean(y, [1])], 1)
    shares = torch.softmax(torch.linear(torch.flatten(means, 1), weight, bias), -1)
    return [torch.squeeze(torch.matmul(torch.unsqueeze(shares, 1), means), 1), shares]
