def cross_entropy(self, logits: Tensor, labels: Tensor, weight: Optional[Tensor], ignore: int, smoothing: float) -> Tensor:
    flat = torch.flatten(logits, 0, -2).to(torch.float32)
    return torch.cross_entropy_loss(flat, torch.flatten(labels), weight, 1, ignore, smoothing)

# Position t of logits (B, T, V) against token t + 1 of ids (B, T); both must be real in mask (B, T).
def next_token(self, logits: Tensor, ids: Tensor, mask: Optional[Tensor], ignore: int) -> Tensor:
    n = logits.size(1) - 1
    labels = torch.narrow(ids, 1, 1, n)
    if mask is not None:
        m = mask.to(torch.bool)
        kept = torch.logical_and(torch.narrow(m, 1, 0, n), torch.narrow(m, 1, 1, n))
        labels = torch.where(kept, labels, torch.full_like(labels, ignore))
    flat = torch.flatten(torch.narrow(logits, 1, 0, n), 0, 1).to(torch.float32)
    return torch.cross_entropy_loss(flat, torch.flatten(labels), None, 1, ignore, 0.0)

def mean_squared_error(self, predictions: Tensor, targets: Tensor) -> Tensor:
    return torch.mse_loss(predictions.to(torch.float32), targets)

def binary_cross_entropy(self, logits: Tensor, targets: Tensor) -> Tensor:
    return torch.binary_cross_entropy_with_logits(logits.to(torch.float32), targets)

# T^2 * KL(teacher / T || student / T), mean over rows.
def distillation(self, student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    s = torch.log_softmax(torch.flatten(student, 0, -2).to(torch.float32) / temperature, -1)
    t = torch.log_softmax(torch.flatten(teacher, 0, -2).to(torch.float32) / temperature, -1)
    divergence = torch.sum(torch.exp(t) * (t - s), [-1])
    return torch.mean(divergence) * (temperature * temperature)

def scale(self, x: Tensor, factor: float) -> Tensor:
    return x * factor

def weighted_sum(self, terms: List[Tensor], weights: List[float]) -> Tensor:
    total = terms[0] * weights[0]
    for i in range(1, len(terms)):
        total = total + terms[i] * weights[i]
    return total

# Row i and column i of logits (B, B) belong together.
def contrastive(self, logits: Tensor) -> Tensor:
    wide = logits.to(torch.float32)
    labels = torch.arange(logits.size(0), dtype=torch.int64, device=logits.device)
    by_row = torch.cross_entropy_loss(wide, labels, None, 1, -100, 0.0)
    by_column = torch.cross_entropy_loss(torch.transpose(wide, 0, 1), labels, None, 1, -100, 0.0)
    return (by_row + by_column) / 2

# Row i and row B + i of vectors (2 B, E) belong together.
def contrastive_pairs(self, vectors: Tensor, temperature: float) -> Tensor:
    wide = vectors.to(torch.float32)
    b = wide.size(0) // 2
    first = torch.narrow(wide, 0, 0, b)
    second = torch.narrow(wide, 0, b, b)
    return self.contrastive(torch.matmul(first, torch.transpose(second, 0, 1)) / temperature)

# First and last token, logits (B, N, 2), against labels (B, 2), where N means none: its logit is 0.
def span(self, logits: Tensor, labels: Tensor, mask: Optional[Tensor], ignore: int) -> Tensor:
    wide = torch.transpose(logits.to(torch.float32), 1, 2)
    if mask is not None:
        hidden = torch.logical_not(mask.to(torch.bool))
        wide = torch.masked_fill(wide, torch.unsqueeze(hidden, 1), -10000.0)
    none = torch.zeros_like(torch.narrow(wide, 2, 0, 1))
    all = torch.flatten(torch.cat([wide, none], 2), 0, 1)
    return torch.cross_entropy_loss(all, torch.flatten(labels), None, 1, ignore, 0.0)

# Mean of rows (B, T) over those that mask (B, T) keeps.
def mean_of_rows(self, rows: Tensor, mask: Optional[Tensor]) -> Tensor:
    if mask is None:
        return torch.mean(rows)
    m = mask.to(rows.dtype)
    return torch.sum(rows * m) / torch.clamp(torch.sum(m), 1.0)

# Mean square of student - teacher (B, T, D) over the tokens of mask; no gradient to the teacher.
def hidden_distance(self, student: Tensor, teacher: Tensor, mask: Optional[Tensor]) -> Tensor:
    d = student.to(torch.float32) - teacher.detach().to(torch.float32)
    return self.mean_of_rows(torch.mean(d * d, [-1]), mask)

# The same over the mean square of teacher.
def hidden_share(self, student: Tensor, teacher: Tensor, mask: Optional[Tensor]) -> Tensor:
    t = teacher.detach().to(torch.float32)
    whole = self.mean_of_rows(torch.mean(t * t, [-1]), mask)
    return self.hidden_distance(student, t, mask) / torch.clamp(whole, 1e-12)

# Mean of KL(teacher || student) of rows of probabilities (B, H, T, S) over heads and queries.
def attention_divergence(self, student: Tensor, teacher: Tensor, mask: Optional[Tensor]) -> Tensor:
    t = teacher.detach().to(torch.float32)
    s = student.to(torch.float32)
    ratio = torch.log(torch.clamp(t, 1e-9)) - torch.log(torch.clamp(s, 1e-9))
    return self.mean_of_rows(torch.mean(torch.sum(t * ratio, [-1]), [1]), mask)

# Log of softmax(x x^T / sqrt(d)) of x (B, T, W) in heads of d = W / heads: (B, heads, T, T).
def relations(self, x: Tensor, heads: int, mask: Optional[Tensor]) -> Tensor:
    d = x.size(2) // heads
    y = torch.transpose(torch.reshape(x.to(torch.float32), [x.size(0), x.size(1), heads, d]), 1, 2)
    scores = torch.matmul(y, torch.transpose(y, 2, 3)) / (float(d) ** 0.5)
    if mask is not None:
        hidden = torch.logical_not(mask.to(torch.bool))
        scores = torch.masked_fill(scores, torch.unsqueeze(torch.unsqueeze(hidden, 1), 1), -10000.0)
    return torch.log_softmax(scores, -1)

def relation_divergence(self, student: Tensor, teacher: Tensor, heads: int, mask: Optional[Tensor]) -> Tensor:
    s = self.relations(student, heads, mask)
    t = self.relations(teacher.detach(), heads, mask)
    return self.mean_of_rows(torch.mean(torch.sum(torch.exp(t) * (t - s), [-1]), [1]), mask)

# Sum of outputs (B, D) with random signs, over B.
def projection(self, outputs: Tensor) -> Tensor:
    wide = outputs.to(torch.float32)
    signs = torch.sign(torch.randn(wide.size(), dtype=wide.dtype, device=wide.device))
    return torch.sum(wide * signs) / wide.size(0)

# Half of KL(p || q) + KL(q || p), mean over rows, of the halves of logits (2 B, C); (a - b)^2 where C is 1.
def agreement(self, outputs: Tensor) -> Tensor:
    wide = outputs.to(torch.float32)
    n = wide.size(0) // 2
    a = torch.narrow(wide, 0, 0, n)
    b = torch.narrow(wide, 0, n, n)
    if wide.size(-1) == 1:
        return torch.mse_loss(a, b)
    p = torch.log_softmax(a, -1)
    q = torch.log_softmax(b, -1)
    return torch.mean(torch.sum((torch.exp(p) - torch.exp(q)) * (p - q), [-1])) / 2
