# Forget gates: logits (B, T, H) in any type, cumulated logarithms (B, H, T) in float32.

def cumulate(self, logits: Tensor, before: Optional[Tensor]) -> Tensor:
    logs = torch.log_sigmoid(torch.transpose(logits.to(torch.float32), 1, 2))
    total = torch.cumsum(logs.to(torch.float64), -1)
    if before is not None:
        total = total + torch.narrow(before, -1, before.size(-1) - 1, 1)
    return total.to(torch.float32)

def gates(self, logits: Tensor) -> Tensor:
    return torch.sigmoid(torch.transpose(logits.to(torch.float32), 1, 2))

# (B, H, T) and (B, H, S) to the shift of the scores (B, H, T, S).
def decay(self, queries: Tensor, keys: Tensor, causal: bool) -> Tensor:
    d = torch.unsqueeze(queries, -1) - torch.unsqueeze(keys, -2)
    if causal:
        return torch.clamp(d, None, 0.0)
    return torch.neg(torch.abs(d))

# Puts the keys' share of the decay into extra features, so that fused attention adds it. A row's own
# share is the same for all its keys and cancels in the softmax. Three bfloat16 numbers hold one float32.
def extended_keys(self, k: Tensor, keys: Tensor, heads: int, factor: float) -> Tensor:
    kh = torch.repeat_interleave(k, heads // k.size(1), 1)
    rest = torch.unsqueeze(keys, -1) * (-1.0 / factor)
    if k.dtype == torch.float32:
        empty = torch.zeros([1], dtype=k.dtype, device=k.device)
        return torch.cat([kh, rest, torch.expand(empty, [k.size(0), heads, k.size(2), 7])], -1)
    high = rest.to(k.dtype)
    rest = rest - high.to(torch.float32)
    middle = rest.to(k.dtype)
    low = (rest - middle.to(torch.float32)).to(k.dtype)
    empty = torch.zeros([1], dtype=k.dtype, device=k.device)
    return torch.cat([kh, high, middle, low, torch.expand(empty, [k.size(0), heads, k.size(2), 5])], -1)

def extended_queries(self, q: Tensor) -> Tensor:
    one = torch.ones([1], dtype=q.dtype, device=q.device)
    return torch.cat([q, torch.expand(one, [q.size(0), q.size(1), q.size(2), 8])], -1)

def extended_values(self, v: Tensor, heads: int) -> Tensor:
    vh = torch.repeat_interleave(v, heads // v.size(1), 1)
    empty = torch.zeros([1], dtype=v.dtype, device=v.device)
    return torch.cat([vh, torch.expand(empty, [v.size(0), heads, v.size(2), 8])], -1)

def head_part(self, x: Tensor, size: int) -> Tensor:
    return torch.narrow(x, -1, 0, size)
