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

# What a chunk of rows adds to its scores, (1 or H, rows, rows + back + ahead), where column 0 lies
# back positions behind row 0: the bias by offset inside the window, minus infinity outside.
def band(self, q: Tensor, rows: int, back: int, ahead: int, before: int, after: int, bias: Optional[Tensor]) -> Tensor:
    i = torch.unsqueeze(torch.arange(rows, device=q.device), 1)
    offset = torch.arange(rows + back + ahead, device=q.device) - i - back
    outside = torch.logical_or(torch.lt(offset, -before), torch.gt(offset, after))
    inside = torch.zeros([1, rows, rows + back + ahead], dtype=q.dtype, device=q.device)
    if bias is not None:
        columns = torch.flatten(torch.clamp(offset + before, 0, before + after))
        inside = torch.reshape(torch.index_select(bias.to(q.dtype), 1, columns), [bias.size(0), rows, rows + back + ahead])
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

# The band of a chunk (1 or H, rows, columns) as (1, 1 or K, G*rows, columns).
def fold_band(self, band: Tensor, groups: int) -> Tensor:
    if groups == 1:
        return torch.unsqueeze(band, 0)
    if band.size(0) == 1:
        return torch.unsqueeze(torch.repeat(band, [1, groups, 1]), 0)
    return torch.unsqueeze(torch.flatten(torch.unflatten(band, 0, [-1, groups]), 1, 2), 0)

# A chunk's mask without the keys that are padding, (1 or B, 1 or K, G*rows, columns).
def without_padding(self, mask: Tensor, real: Tensor) -> Tensor:
    if bool(torch.all(real)):
        return mask
    padding = torch.logical_not(torch.unsqueeze(torch.unsqueeze(real, 1), 1))
    return torch.masked_fill(mask, padding, float("-inf"))

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
    if plain and before >= s - 1 and after >= t - 1:
        y = torch.scaled_dot_product_attention(self.fold(q, groups), k, v, None, dropout, False, scale=scale)
        return self.unfold(y, groups)
    if plain and before >= s - 1 and after == 0 and t == s:
        kh = torch.repeat_interleave(k, groups, 1)
        vh = torch.repeat_interleave(v, groups, 1)
        return torch.scaled_dot_product_attention(q, kh, vh, None, dropout, True, scale=scale)
    # Kernels are faster on round sizes, but a single query sees no more than it may.
    round = 16
    if t == 1:
        round = 1
    back = (before + round - 1) // round * round
    ahead = (after + round - 1) // round * round
    band = self.band(q, min(chunk, t), back, ahead, before, after, bias)
    inside = self.fold_band(band, groups)
    size = s
    if k.requires_grad or v.requires_grad:
        size = min(max((back + ahead + chunk - 1) // chunk, 1) * chunk, s)
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
            start = max(first - back, 0)
            end = min(first + per_stretch * chunk + ahead, s)
            keys = self.cut(key_parts, size, start, end)
            values = self.cut(value_parts, size, start, end)
        n = rows[i].size(2)
        lo = max(first - back, 0)
        hi = min(first + n + ahead, s)
        mask: Optional[Tensor] = None
        if t > 1 or not plain:
            # Most chunks lie inside, and share one mask.
            shifts = inside
            if n < chunk or hi - lo < chunk + back + ahead:
                rows_band = torch.narrow(torch.narrow(band, 1, 0, n), 2, lo - first + back, hi - lo)
                shifts = self.fold_band(rows_band, groups)
            mask = shifts
            if key_mask is not None:
                mask = self.without_padding(shifts, torch.narrow(key_mask, 1, lo, hi - lo))
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
