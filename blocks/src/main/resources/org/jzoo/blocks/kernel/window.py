# Shapes: q (B, H, T, Dh), k and v (B, K, S, Dh). Query i of T stands at key position S - T + i and
# sees the keys from before positions behind it to after positions ahead.
#
# Queries go in chunks, each fused against the keys in its reach. Keys are cut from stretches about
# as long as the window: the gradient of a cut is as long as what it was cut from, so that cuts from
# the whole would take quadratic time.

# The keys at positions lo to hi - 1, of parts that are each of that size.
def cut(self, parts: List[Tensor], size: int, lo: int, hi: int) -> Tensor:
    pieces = annotate(List[Tensor], [])
    for j in range(lo // size, (hi - 1) // size + 1):
        piece = parts[j]
        start = max(lo - j * size, 0)
        end = min(hi - j * size, piece.size(2))
        if end - start < piece.size(2):
            piece = torch.narrow(piece, 2, start, end - start)
        pieces.append(piece)
    if len(pieces) == 1:
        return pieces[0]
    return torch.cat(pieces, 2)

# What a chunk of rows adds to its scores, (1 or H, rows, rows + reach): the bias by offset inside
# the window, minus infinity outside.
def band(self, q: Tensor, rows: int, reach: int, bias: Optional[Tensor]) -> Tensor:
    i = torch.unsqueeze(torch.arange(rows, device=q.device), 1)
    offset = torch.arange(rows + reach, device=q.device) - i
    outside = torch.logical_or(torch.lt(offset, 0), torch.gt(offset, reach))
    inside = torch.zeros([1, rows, rows + reach], dtype=q.dtype, device=q.device)
    if bias is not None:
        columns = torch.flatten(torch.clamp(offset, 0, reach))
        inside = torch.reshape(torch.index_select(bias.to(q.dtype), 1, columns), [bias.size(0), rows, rows + reach])
    return torch.masked_fill(inside, outside, float("-inf"))

# Query heads that share a key head become rows of one head: fused kernels want equal heads.
def fold(self, x: Tensor, groups: int) -> Tensor:
    if groups == 1:
        return x
    return torch.flatten(torch.unflatten(x, 1, [-1, groups]), 2, 3)

def unfold(self, x: Tensor, groups: int) -> Tensor:
    if groups == 1:
        return x
    return torch.flatten(torch.unflatten(x, 2, [groups, -1]), 1, 2)

# The band of a chunk (1 or H, rows, columns) as (1 or B, 1 or K, G*rows, columns), without the
# keys that are padding.
def chunk_mask(self, band: Tensor, groups: int, keys: Optional[Tensor]) -> Tensor:
    m = band
    if m.size(0) == 1:
        m = torch.repeat(m, [1, groups, 1])
    else:
        m = torch.flatten(torch.unflatten(m, 0, [-1, groups]), 1, 2)
    m = torch.unsqueeze(m, 0)
    if keys is not None:
        padding = torch.logical_not(torch.unsqueeze(torch.unsqueeze(keys, 1), 1))
        m = torch.masked_fill(m, padding, float("-inf"))
    return m

# Puts keys (B, K, G, Dh) that every query sees before those of a chunk.
def beside(self, seen: Optional[Tensor], keys: Tensor) -> Tensor:
    if seen is None:
        return keys
    return torch.cat([seen, keys], 2)

# Widens a chunk's mask by columns for keys that every query sees, where real (B, G).
def widened(self, mask: Tensor, real: Tensor) -> Tensor:
    padding = torch.logical_not(torch.unsqueeze(torch.unsqueeze(real, 1), 1))
    zeros = torch.zeros([real.size(0), mask.size(1), mask.size(2), real.size(1)], dtype=mask.dtype, device=mask.device)
    columns = torch.masked_fill(zeros, padding, float("-inf"))
    return torch.cat([columns, torch.expand(mask, [real.size(0), -1, -1, -1])], 3)

# The global keys and values (B, K, G, Dh) are seen by all queries where global_mask (B, G) is true.
def attend(self, q: Tensor, k: Tensor, v: Tensor, before: int, after: int, key_mask: Optional[Tensor], bias: Optional[Tensor], global_keys: Optional[Tensor], global_values: Optional[Tensor], global_mask: Optional[Tensor], dropout: float, scale: Optional[float], chunk: int) -> Tensor:
    t = q.size(2)
    s = k.size(2)
    groups = q.size(1) // k.size(1)
    plain = key_mask is None and bias is None and global_mask is None
    if plain and before >= s - 1 and (after >= t - 1 or (after == 0 and t == s)):
        causal = after < t - 1
        if causal and groups > 1:
            return torch.scaled_dot_product_attention(q, k, v, None, dropout, True, scale=scale, enable_gqa=True)
        y = torch.scaled_dot_product_attention(self.fold(q, groups), k, v, None, dropout, causal, scale=scale)
        return self.unfold(y, groups)
    reach = before + after
    band = self.band(q, min(chunk, t), reach, bias)
    size = s
    if k.requires_grad or v.requires_grad:
        size = min(max((reach + chunk - 1) // chunk, 1) * chunk, s)
    key_parts = torch.split(k, size, 2)
    value_parts = torch.split(v, size, 2)
    rows = torch.split(q, chunk, 2)
    per_stretch = max(size // chunk, 1)
    result = annotate(List[Tensor], [])
    keys = k
    values = v
    start = 0
    for i in range(len(rows)):
        first = s - t + i * chunk
        if i % per_stretch == 0:
            start = max(first - before, 0)
            end = min(first + per_stretch * chunk + after, s)
            keys = self.cut(key_parts, size, start, end)
            values = self.cut(value_parts, size, start, end)
        n = rows[i].size(2)
        lo = max(first - before, 0)
        hi = min(first + n + after, s)
        mask: Optional[Tensor] = None
        if n > 1 or not plain:
            shifts = torch.narrow(torch.narrow(band, 1, 0, n), 2, lo - first + before, hi - lo)
            real: Optional[Tensor] = None
            if key_mask is not None:
                real = torch.narrow(key_mask, 1, lo, hi - lo)
            mask = self.chunk_mask(shifts, groups, real)
            if global_mask is not None:
                mask = self.widened(mask, global_mask)
        y = torch.scaled_dot_product_attention(
            self.fold(rows[i], groups),
            self.beside(global_keys, torch.narrow(keys, 2, lo - start, hi - lo)),
            self.beside(global_values, torch.narrow(values, 2, lo - start, hi - lo)),
            mask, dropout, False, scale=scale)
        result.append(self.unfold(y, groups))
    if len(result) == 1:
        return result[0]
    return torch.cat(result, 2)
