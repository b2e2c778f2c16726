# Sines, then cosines, of distance / 10000^(2i/D) for the distances first, first - 1, …: (count, D).
def sinusoids(self, like: Tensor, first: int, count: int, dim: int) -> Tensor:
    distance = torch.arange(first, first - count, -1, dtype=torch.float32, device=like.device)
    i = torch.arange(0, dim, 2, dtype=torch.float32, device=like.device)
    angle = torch.unsqueeze(distance, -1) * torch.pow(10000.0, torch.neg(i) / dim)
    return torch.narrow(torch.cat([torch.sin(angle), torch.cos(angle)], -1), -1, 0, dim)

# Row i of T moves left by T - 1 - i: (B, H, T, P) to (B, H, T, S). With P = S the columns that a causal
# query must not see hold numbers of other rows.
def relative_shift(self, x: Tensor, keys: int) -> Tensor:
    t = x.size(2)
    p = x.size(3)
    flat = torch.flatten(torch.constant_pad_nd(x, [1, 0], 0.0), 2, 3)
    rows = torch.unflatten(torch.narrow(flat, 2, t, t * p), 2, [t, p])
    if p == keys:
        return rows
    return torch.contiguous(torch.narrow(rows, 3, 0, keys))

# q (B, H, T, Dh), bias (H, Dh), r (P, H*Dh): scale * (q + bias) rᵀ by distance, (B, H, T, S).
def relative_scores(self, q: Tensor, bias: Tensor, r: Tensor, keys: int, scale: float) -> Tensor:
    rows = torch.unflatten(r, -1, [q.size(1), -1])
    shifted = (q + torch.unsqueeze(bias, 1).to(q.dtype)) * scale
    return self.relative_shift(torch.einsum("bhtd,phd->bhtp", [shifted, rows.to(q.dtype)]), keys)

def add_bias(self, q: Tensor, bias: Tensor) -> Tensor:
    return q + torch.unsqueeze(bias, 1).to(q.dtype)

# Earlier positions before those of x: (B, M, D) and (B, T, D) to (B, M+T, D).
def join(self, x: Tensor, before: Tensor) -> Tensor:
    return torch.cat([before, x], 1)

def join_mask(self, x: Tensor, mask: Optional[Tensor], before: Optional[Tensor], kept: int) -> Tensor:
    earlier = torch.ones([x.size(0), kept], dtype=torch.bool, device=x.device)
    if before is not None:
        earlier = before
    now = torch.ones([x.size(0), x.size(1)], dtype=torch.bool, device=x.device)
    if mask is not None:
        now = mask
    return torch.cat([earlier, now], 1)

# The last positions; see remember.
def latest(self, x: Tensor, length: int, recorded: bool) -> Tensor:
    kept = min(length, x.size(1))
    return self.remember(x, x.size(1) - kept, kept, recorded)

# Positions from … from + length - 1.
def cut(self, x: Tensor, start: int, length: int) -> Tensor:
    return torch.narrow(x, 1, start, length)

# A copy of some positions; without their gradient's path unless recorded.
def remember(self, x: Tensor, start: int, length: int, recorded: bool) -> Tensor:
    rows = torch.narrow(x, 1, start, length)
    if recorded:
        return torch.clone(rows)
    return torch.clone(torch.detach(rows))

# Memory tokens (M, D) or (B, M, D) before x (B, T, D), and once more behind it if asked for.
def surround(self, x: Tensor, tokens: Tensor, behind: bool) -> Tensor:
    m = torch.expand(tokens, [x.size(0), tokens.size(-2), x.size(2)])
    if behind:
        return torch.cat([m, x, m], 1)
    return torch.cat([m, x], 1)

def surround_mask(self, mask: Tensor, tokens: int, behind: bool) -> Tensor:
    m = torch.ones([mask.size(0), tokens], dtype=torch.bool, device=mask.device)
    if behind:
        return torch.cat([m, mask, m], 1)
    return torch.cat([m, mask], 1)

# One behind the other.
def concat(self, parts: List[Tensor]) -> Tensor:
    return torch.cat(parts, 1)
