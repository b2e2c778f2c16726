# Letters: N = B*T tokens, E experts, k choices of a token, G groups of S tokens, C places of an expert
# in a group. Everything is float32, whatever comes in.

# jitter: multiplies what the router sees by a factor in [1 - jitter, 1 + jitter). noise (E, D): adds
# N(0, 1) * softplus(x * noise').
def logits(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], noise: Optional[Tensor], jitter: float) -> Tensor:
    rows = torch.flatten(x, 0, -2).to(torch.float32)
    if jitter > 0.0:
        rows = rows * (torch.rand_like(rows) * (2.0 * jitter) + (1.0 - jitter))
    found = torch.linear(rows, weight, bias)
    if noise is not None:
        found = found + torch.randn_like(found) * torch.softplus(torch.linear(rows, noise))
    return found

# Which of the N tokens exist: mask (B, S) ends with the T positions of this pass.
def existing(self, mask: Optional[Tensor], t: int) -> Optional[Tensor]:
    found: Optional[Tensor] = None
    if mask is not None:
        found = torch.flatten(torch.narrow(mask, 1, mask.size(1) - t, t))
    return found

# Means over the tokens of each group: (N, _) -> (G, _).
def group_mean(self, x: Tensor, exists: Optional[Tensor], groups: int) -> Tensor:
    grouped = torch.reshape(x, [groups, x.size(0) // groups, x.size(1)])
    if exists is None:
        return torch.sum(grouped, [1]) / float(max(grouped.size(1), 1))
    there = torch.reshape(exists, [groups, -1, 1]).to(torch.float32)
    return torch.sum(grouped * there, [1]) / torch.clamp(torch.sum(there, [1]), 1.0)

# The mean of the squared log of the softmax's denominator.
def z_mean(self, logits: Tensor, exists: Optional[Tensor]) -> Tensor:
    z = torch.square(torch.logsumexp(logits, [-1], True))
    return torch.squeeze(self.group_mean(z, exists, 1))

# Which choices (k, N) find a place: first all first choices in the order of the tokens, then all second
# ones. A choice of the expert E asks for none.
def placed(self, experts: Tensor, num_experts: int, groups: int, capacity: int) -> Tensor:
    flat = torch.flatten(experts)
    n = experts.size(1)
    group = torch.div(torch.arange(n, device=flat.device), n // groups, rounding_mode="floor")
    key = torch.flatten(experts * groups + group)
    order = torch.argsort(key, stable=True, dim=0, descending=False)
    ordered = torch.index_select(key, 0, order)
    counts = torch.scatter_add(torch.zeros([(num_experts + 1) * groups], dtype=torch.int64, device=flat.device), 0, key, torch.ones_like(key))
    starts = torch.index_select(torch.cumsum(counts, 0) - counts, 0, ordered)
    position = torch.arange(key.size(0), device=flat.device) - starts
    fits = torch.logical_and(position < capacity, ordered < num_experts * groups)
    return torch.reshape(torch.scatter(torch.zeros_like(fits), 0, order, fits), experts.shape)

# Tokens choose experts. Returns weights (k, N) and experts (k, N), E and 0 for a choice that is dropped;
# probabilities (B, T, E); the mean of hits and of probabilities of each group (G, E), before anything is
# dropped; the mean square of log Z.
def top_k(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], noise: Optional[Tensor], mask: Optional[Tensor], k: int, normalized: bool, second: bool, jitter: float, groups: int, capacity: int) -> List[Tensor]:
    found = self.logits(x, weight, bias, noise, jitter)
    p = torch.softmax(found, -1)
    chosen, index = torch.topk(p, k, -1)
    hits = torch.scatter(torch.zeros_like(p), 1, index, 1.0)
    if normalized:
        chosen = chosen / torch.sum(chosen, [-1], True)
    weights = torch.t(chosen)
    experts = torch.t(index)
    num_experts = p.size(1)
    exists = self.existing(mask, x.size(1))
    if exists is not None:
        experts = torch.masked_fill(experts, torch.logical_not(exists), num_experts)
    if second:
        # The first of two weights that sum to 1 is at least a half: it always stays.
        experts = torch.masked_fill(experts, weights * 2.0 <= torch.rand_like(weights), num_experts)
    if capacity > 0:
        experts = torch.masked_fill(experts, torch.logical_not(self.placed(experts, num_experts, groups, capacity)), num_experts)
    weights = torch.masked_fill(weights, torch.eq(experts, num_experts), 0.0)
    return [weights, experts, torch.unflatten(p, 0, [x.size(0), x.size(1)]), self.group_mean(hits, exists, groups), self.group_mean(p, exists, groups), self.z_mean(found, exists)]

# Experts choose C tokens of each group. Returns as top_k, but weights and tokens (E, G*C).
def expert_choice(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], mask: Optional[Tensor], jitter: float, groups: int, capacity: int) -> List[Tensor]:
    found = self.logits(x, weight, bias, None, jitter)
    p = torch.softmax(found, -1)
    n = p.size(0)
    exists = self.existing(mask, x.size(1))
    scores = p
    if exists is not None:
        scores = torch.masked_fill(p, torch.unsqueeze(torch.logical_not(exists), 1), 0.0)
    weights, index = torch.topk(torch.reshape(scores, [groups, n // groups, -1]), capacity, 1)
    start = torch.arange(groups, device=p.device) * (n // groups)
    tokens = index + torch.reshape(start, [groups, 1, 1])
    hits = torch.full([groups, p.size(1)], float(capacity) / float(max(n // groups, 1)), device=p.device)
    return [torch.flatten(torch.permute(weights, [2, 0, 1]), 1), torch.flatten(torch.permute(tokens, [2, 0, 1]), 1), torch.unflatten(p, 0, [x.size(0), x.size(1)]), hits, self.group_mean(p, exists, groups), self.z_mean(found, exists)]

# The share of the N tokens that each expert computes, from experts (k, N).
def load(self, experts: Tensor, num_experts: int) -> Tensor:
    flat = torch.flatten(experts)
    counts = torch.scatter_add(torch.zeros([num_experts + 1], device=flat.device), 0, flat, torch.ones([flat.size(0)], device=flat.device))
    return torch.narrow(counts, 0, 0, num_experts) / float(max(experts.size(1), 1))

# One entry a layer: E * mean over groups of the sum of hits * probabilities, both means over layers.
def balance(self, hits: List[Tensor], probabilities: List[Tensor], coefficient: float) -> Tensor:
    f = torch.mean(torch.stack(hits), [0])
    p = torch.mean(torch.stack(probabilities), [0])
    return torch.mean(torch.sum(f * p, [-1])) * (coefficient * float(f.size(-1)))

def scaled_mean(self, terms: List[Tensor], coefficient: float) -> Tensor:
    return torch.mean(torch.stack(terms)) * coefficient
