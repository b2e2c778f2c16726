# Shapes: q (B, T, H*Dh), k and v (B, S, K*Dh) in model layout; (B, H, T, Dh) in head layout.

def split_heads(self, x: Tensor, heads: int) -> Tensor:
    return torch.transpose(torch.unflatten(x, -1, [heads, -1]), 1, 2)

def merge_heads(self, x: Tensor) -> Tensor:
    return torch.flatten(torch.transpose(x, 1, 2), 2, 3)

# A key mask (B, S) becomes (B, 1, 1, S), a pair mask (B, T, S) becomes (B, 1, T, S).
def broadcast_mask(self, mask: Tensor) -> Tensor:
    m = mask
    if mask.dim() == 2:
        m = torch.unsqueeze(torch.unsqueeze(mask, 1), 1)
    elif mask.dim() == 3:
        m = torch.unsqueeze(mask, 1)
    return m

# Query i of T stands at key position S - T + i, as when decoding with a cache.
def causal_mask(self, rows: int, columns: int, like: Tensor) -> Tensor:
    full = torch.ones([rows, columns], dtype=torch.bool, device=like.device)
    return torch.tril(full, columns - rows)

# Key position minus query position (T, S).
def relative(self, like: Tensor, rows: int, columns: int) -> Tensor:
    keys = torch.arange(columns, dtype=torch.int64, device=like.device)
    queries = torch.arange(columns - rows, columns, dtype=torch.int64, device=like.device)
    return torch.unsqueeze(keys, 0) - torch.unsqueeze(queries, 1)

def positions(self, like: Tensor, first: int, count: int) -> Tensor:
    return torch.arange(first, first + count, dtype=torch.int64, device=like.device)

def latest(self, mask: Tensor, keys: int) -> Tensor:
    return torch.narrow(mask, -1, mask.size(-1) - keys, keys)

# A window of w: causal, a query sees itself and w - 1 before it; else w // 2 to each side.
def window_mask(self, rows: int, columns: int, window: int, causal: bool, like: Tensor) -> Tensor:
    distance = self.relative(like, rows, columns)
    if causal:
        return torch.logical_and(torch.le(distance, 0), torch.gt(distance, -window))
    return torch.le(torch.abs(distance), window // 2)

def combined_mask(self, q: Tensor, k: Tensor, mask: Optional[Tensor], bias: Optional[Tensor], causal: bool, window: int) -> Optional[Tensor]:
    t = q.size(2)
    s = k.size(2)
    allowed: Optional[Tensor] = None
    if mask is not None:
        allowed = self.broadcast_mask(mask)
    if window > 0:
        band = self.window_mask(t, s, window, causal, q)
        if allowed is None:
            allowed = band
        else:
            allowed = torch.logical_and(allowed, band)
    elif causal and t > 1:
        triangle = self.causal_mask(t, s, q)
        if allowed is None:
            allowed = triangle
        else:
            allowed = torch.logical_and(allowed, triangle)
    if bias is None:
        return allowed
    shifted = bias.to(q.dtype)
    if allowed is None:
        return shifted
    return torch.where(allowed, shifted, torch.full([], float("-inf"), dtype=q.dtype, device=q.device))

# All scores in batched products. m says which are seen, or shifts them.
def all_scores(self, q: Tensor, k: Tensor, v: Tensor, m: Optional[Tensor], dropout: float, scale: Optional[float]) -> Tensor:
    factor = float(q.size(3)) ** -0.5
    if scale is not None:
        factor = scale
    scores = torch.matmul(q * factor, torch.transpose(k, 2, 3))
    if m is not None:
        if m.dtype == torch.bool:
            scores = torch.add_(scores, torch.logical_not(m).to(scores.dtype) * -1e9)
        else:
            scores = scores + m
    weights = torch.softmax(scores, -1)
    if dropout > 0.0:
        weights = self.dropout(weights, dropout)
    return torch.matmul(weights, v)

# Whether each query sees a key: without one its share of every key would be equal, not zero.
def sees_keys(self, m: Optional[Tensor]) -> bool:
    seen = True
    if m is not None:
        if m.dtype == torch.bool:
            seen = bool(torch.all(torch.any(m, -1)))
        else:
            seen = bool(torch.all(torch.isfinite(torch.amax(m, [-1]))))
    return seen

# PyTorch's fused kernel. With dropout it has none on CPU: there it computes all scores too, and draws for
# each of them on one thread. Its bfloat16 gradients on CPU start a product for each head and pair of
# blocks, which takes longer than the products themselves: few scores are computed all.
def fused(self, q: Tensor, k: Tensor, v: Tensor, m: Optional[Tensor], dropout: float, causal: bool, scale: Optional[float]) -> Tensor:
    if dropout > 0.0 and not q.is_cuda:
        seen = m
        if causal:
            seen = self.causal_mask(q.size(2), k.size(2), q)
        if self.sees_keys(seen):
            return self.all_scores(q, k, v, seen, dropout, scale)
    learns = q.requires_grad or k.requires_grad or v.requires_grad
    if q.dtype == torch.bfloat16 and learns and dropout == 0.0 and not q.is_cuda:
        if not causal and q.size(2) * k.size(2) <= 147456 and self.sees_keys(m):
            return self.all_scores(q, k, v, m, 0.0, scale)
        if m is not None and m.dtype == torch.bfloat16:
            m = m.to(torch.float32)
        y = torch.scaled_dot_product_attention(q.to(torch.float32), k.to(torch.float32), v.to(torch.float32), m, dropout, causal, scale=scale)
        return y.to(torch.bfloat16)
    return self.dot_product(q, k, v, m, dropout, causal, scale)

# Fused kernels want as many key heads as query heads: others compute all scores at once.
def attend_heads(self, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], bias: Optional[Tensor], causal: bool, window: int, dropout: float, scale: Optional[float]) -> Tensor:
    t = q.size(2)
    groups = q.size(1) // k.size(1)
    plain = causal and mask is None and bias is None and window == 0 and t == k.size(2)
    m: Optional[Tensor] = None
    if not plain:
        m = self.combined_mask(q, k, mask, bias, causal, window)
    if groups == 1:
        return self.fused(q, k, v, m, dropout, plain, scale)
    if t > 1:
        kh = torch.repeat_interleave(k, groups, 1)
        vh = torch.repeat_interleave(v, groups, 1)
        return self.fused(q, kh, vh, m, dropout, plain, scale)
    # A single query, as when decoding: the heads that share a key head become its rows.
    rows = torch.unflatten(torch.squeeze(q, 2), 1, [-1, groups])
    if m is not None and m.dim() == 4 and m.size(1) > 1:
        m = torch.unflatten(torch.squeeze(m, 2), 1, [-1, groups])
    y = self.dot_product(rows, k, v, m, dropout, False, scale)
    return torch.unsqueeze(torch.flatten(y, 1, 2), 2)

def attend(self, q: Tensor, k: Tensor, v: Tensor, heads: int, key_heads: int, mask: Optional[Tensor], bias: Optional[Tensor], causal: bool, window: int, dropout: float, scale: Optional[float]) -> Tensor:
    qh = self.split_heads(q, heads)
    kh = self.split_heads(k, key_heads)
    vh = self.split_heads(v, key_heads)
    return self.merge_heads(self.attend_heads(qh, kh, vh, mask, bias, causal, window, dropout, scale))

# Self-attention of x (B, T, D) with the maps of queries, keys and values as one product and the output's
# behind it. weights: of these four; biases: of the first three, or none.
def attend_projected(self, x: Tensor, weights: List[Tensor], biases: List[Tensor], output_bias: Optional[Tensor], heads: int, mask: Optional[Tensor], causal: bool, dropout: float, scale: Optional[float], dtype: int) -> Tensor:
    weight = torch.cat([weights[0], weights[1], weights[2]], 0).to(dtype)
    bias: Optional[Tensor] = None
    if len(biases) > 0:
        bias = torch.cat(biases, 0).to(dtype)
    joined = torch.unflatten(torch.linear(x.to(dtype), weight, bias), -1, [3, heads, -1])
    split = torch.unbind(torch.permute(joined, [2, 0, 3, 1, 4]), 0)
    mixed = self.merge_heads(self.attend_heads(split[0], split[1], split[2], mask, None, causal, 0, dropout, scale))
    shift = output_bias
    if shift is not None:
        shift = shift.to(dtype)
    return torch.linear(mixed, weights[3].to(dtype), shift)

# The explicit form: the attention weights (B, H, T, S) beside the result.
def attend_explicit(self, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], bias: Optional[Tensor], causal: bool, window: int, dropout: float, scale: Optional[float]) -> List[Tensor]:
    factor = float(q.size(3)) ** -0.5
    if scale is not None:
        factor = scale
    groups = q.size(1) // k.size(1)
    kh = torch.repeat_interleave(k, groups, 1)
    vh = torch.repeat_interleave(v, groups, 1)
    scores = torch.matmul(q, torch.transpose(kh, 2, 3)).to(torch.float32) * factor
    if bias is not None:
        scores = scores + bias
    allowed = self.combined_mask(q, k, mask, None, causal, window)
    # A finite floor, since a row of infinities has no gradient; then exact zeros.
    if allowed is not None:
        scores = torch.masked_fill(scores, torch.logical_not(allowed), -3e38)
    weights = torch.softmax(scores, -1)
    if allowed is not None:
        weights = torch.masked_fill(weights, torch.logical_not(allowed), 0)
    dropped = weights
    if dropout > 0.0:
        dropped = self.dropout(weights, dropout)
    return [torch.matmul(dropped.to(v.dtype), vh), weights]
