# Shapes: q (B, H, T, Dh), k and v (B, K, S, Dh). Query i of T stands at key position offset + i and
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
    # A GPU would wait for the answer.
    if not real.is_cuda and bool(torch.all(real)):
        return mask
    padding = torch.logical_not(torch.unsqueeze(torch.unsqueeze(real, 1), 1))
    return torch.masked_fill(mask, padding, float("-inf"))

# Puts keys (B, K, G, Dh) that every query sees before those of a chunk.
def beside(self, seen: Optional[Tensor], keys: Tensor) -> Tensor:
    if seen is None:
        return keys
    return torch.cat([seen, keys], 2)

# Widens a mask (1 or N, …, rows, columns) by columns for keys that every query sees, where real
# (1 or N, G).
def widened(self, mask: Tensor, real: Tensor) -> Tensor:
    n = max(mask.size(0), real.size(0))
    padding = torch.logical_not(torch.unsqueeze(torch.unsqueeze(real, 1), 1))
    zeros = torch.zeros([n, mask.size(1), mask.size(2), real.size(1)], dtype=mask.dtype, device=mask.device)
    columns = torch.masked_fill(zeros, padding, float("-inf"))
    return torch.cat([columns, torch.expand(mask, [n, -1, -1, -1])], 3)

# The chunks one after another. The global keys and values (B, K, G, Dh) are seen by all queries
# where global_mask (B, G) is true.
def attend_chunks(self, q: Tensor, k: Tensor, v: Tensor, offset: int, band: Tensor, back: int, ahead: int, key_mask: Optional[Tensor], global_keys: Optional[Tensor], global_values: Optional[Tensor], global_mask: Optional[Tensor], dropout: float, scale: Optional[float], chunk: int) -> Tensor:
    s = k.size(2)
    groups = q.size(1) // k.size(1)
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
        first = offset + i * chunk
        if i % per_stretch == 0:
            start = max(first - back, 0)
            end = min(first + per_stretch * chunk + ahead, s)
            keys = self.cut(key_parts, size, start, end)
            values = self.cut(value_parts, size, start, end)
        n = rows[i].size(2)
        lo = max(first - back, 0)
        hi = min(first + n + ahead, s)
        mask = inside
        # Most chunks lie inside, and share one mask.
        if n < band.size(1) or hi - lo < band.size(2):
            mask = self.fold_band(torch.narrow(torch.narrow(band, 1, 0, n), 2, lo - first + back, hi - lo), groups)
        if key_mask is not None:
            mask = self.without_padding(mask, torch.narrow(key_mask, 1, lo, hi - lo))
        if global_mask is not None:
            mask = self.widened(mask, global_mask)
        y = self.dot_product(
            self.fold(rows[i], groups),
            self.beside(global_keys, torch.narrow(keys, 2, lo - start, hi - lo)),
            self.beside(global_values, torch.narrow(values, 2, lo - start, hi - lo)),
            mask, dropout, False, scale)
        result.append(self.unfold(y, groups))
    if len(result) == 1:
        return result[0]
    return torch.cat(result, 2)

# The chunks whose keys all exist, in one call: q (B, H, n*chunk, Dh), k from back positions behind the
# first query to ahead positions before the last. Keys are overlapping views, of several examples copies.
def attend_inside(self, q: Tensor, k: Tensor, v: Tensor, band: Tensor, key_mask: Optional[Tensor], global_keys: Optional[Tensor], global_values: Optional[Tensor], global_mask: Optional[Tensor], dropout: float, scale: Optional[float]) -> Tensor:
    groups = q.size(1) // k.size(1)
    chunk = band.size(1)
    columns = band.size(2)
    n = q.size(2) // chunk
    rows = torch.unflatten(torch.unflatten(q, 2, [n, chunk]), 1, [-1, groups])
    rows = torch.flatten(torch.flatten(torch.permute(rows, [0, 3, 1, 2, 4, 5]), 3, 4), 0, 1)
    keys = torch.flatten(torch.permute(k.unfold(2, columns, chunk), [0, 2, 1, 4, 3]), 0, 1)
    values = torch.flatten(torch.permute(v.unfold(2, columns, chunk), [0, 2, 1, 4, 3]), 0, 1)
    mask = self.fold_band(band, groups)
    if key_mask is not None:
        mask = self.without_padding(mask, torch.flatten(key_mask.unfold(1, columns, chunk), 0, 1))
    if global_keys is not None:
        keys = self.beside(self.for_each(global_keys, n), keys)
    if global_values is not None:
        values = self.beside(self.for_each(global_values, n), values)
    if global_mask is not None:
        mask = self.widened(mask, self.for_each(global_mask, n))
    y = self.dot_product(rows, keys, values, mask, dropout, False, scale)
    y = torch.unflatten(torch.unflatten(y, 2, [groups, chunk]), 0, [-1, n])
    return torch.flatten(torch.flatten(torch.permute(y, [0, 2, 3, 1, 4, 5]), 3, 4), 1, 2)

# Each example's row once for each of its n chunks, (B, …) to (B*n, …).
def for_each(self, x: Tensor, n: int) -> Tensor:
    return torch.flatten(torch.repeat_interleave(torch.unsqueeze(x, 1), n, 1), 0, 1)

def columns_of(self, mask: Optional[Tensor], start: int, end: int) -> Optional[Tensor]:
    if mask is None:
        return None
    return torch.narrow(mask, 1, start, end - start)

def example_of(self, x: Optional[Tensor], b: int) -> Optional[Tensor]:
    if x is None:
        return None
    return torch.narrow(x, 0, b, 1)

# One example after another, which copies no keys; on a GPU, where many small calls take longer, all at once.
def attend_examples(self, q: Tensor, k: Tensor, v: Tensor, band: Tensor, key_mask: Optional[Tensor], global_keys: Optional[Tensor], global_values: Optional[Tensor], global_mask: Optional[Tensor], dropout: float, scale: Optional[float]) -> Tensor:
    if q.is_cuda or q.size(0) == 1:
        return self.attend_inside(q, k, v, band, key_mask, global_keys, global_values, global_mask, dropout, scale)
    rows = torch.split(q, 1, 0)
    keys = torch.split(k, 1, 0)
    values = torch.split(v, 1, 0)
    examples = annotate(List[Tensor], [])
    for b in range(len(rows)):
        examples.append(self.attend_inside(rows[b], keys[b], values[b], band, self.example_of(key_mask, b), self.example_of(global_keys, b), self.example_of(global_values, b), self.example_of(global_mask, b), dropout, scale))
    return torch.cat(examples, 0)

# The chunks from low to high - 1, which lie inside, at once, and those at the ends one by one.
def attend_at_once(self, q: Tensor, k: Tensor, v: Tensor, offset: int, band: Tensor, back: int, ahead: int, low: int, high: int, key_mask: Optional[Tensor], global_keys: Optional[Tensor], global_values: Optional[Tensor], global_mask: Optional[Tensor], dropout: float, scale: Optional[float]) -> Tensor:
    t = q.size(2)
    s = k.size(2)
    chunk = band.size(1)
    first = low * chunk
    last = high * chunk
    begin = offset + first - back
    end = offset + last + ahead
    parts = annotate(List[Tensor], [])
    if low > 0:
        seen = min(offset + first + ahead, s)
        parts.append(self.attend_chunks(torch.narrow(q, 2, 0, first), torch.narrow(k, 2, 0, seen), torch.narrow(v, 2, 0, seen), offset, band, back, ahead, self.columns_of(key_mask, 0, seen), global_keys, global_values, global_mask, dropout, scale, chunk))
    inside = torch.narrow(q, 2, first, last - first)
    keys = torch.narrow(k, 2, begin, end - begin)
    values = torch.narrow(v, 2, begin, end - begin)
    parts.append(self.attend_examples(inside, keys, values, band, self.columns_of(key_mask, begin, end), global_keys, global_values, global_mask, dropout, scale))
    if last < t:
        behind = offset + last - back
        parts.append(self.attend_chunks(torch.narrow(q, 2, last, t - last), torch.narrow(k, 2, behind, s - behind), torch.narrow(v, 2, behind, s - behind), back, band, back, ahead, self.columns_of(key_mask, behind, s), global_keys, global_values, global_mask, dropout, scale, chunk))
    return torch.cat(parts, 2)

def attend(self, q: Tensor, k: Tensor, v: Tensor, before: int, after: int, key_mask: Optional[Tensor], bias: Optional[Tensor], global_keys: Optional[Tensor], global_values: Optional[Tensor], global_mask: Optional[Tensor], dropout: float, scale: Optional[float], chunk: int, at_once: bool) -> Tensor:
    t = q.size(2)
    s = k.size(2)
    offset = s - t
    groups = q.size(1) // k.size(1)
    plain = key_mask is None and bias is None and global_mask is None
    if plain and before >= s - 1 and after >= t - 1:
        y = self.dot_product(self.fold(q, groups), k, v, None, dropout, False, scale)
        return self.unfold(y, groups)
    if plain and before >= s - 1 and after == 0 and t == s:
        kh = torch.repeat_interleave(k, groups, 1)
        vh = torch.repeat_interleave(v, groups, 1)
        return torch.scaled_dot_product_attention(q, kh, vh, None, dropout, True, scale=scale)
    if plain and t == 1:
        lo = max(offset - before, 0)
        y = self.dot_product(self.fold(q, groups), torch.narrow(k, 2, lo, s - lo), torch.narrow(v, 2, lo, s - lo), None, dropout, False, scale)
        return self.unfold(y, groups)
    # Kernels are faster on round sizes.
    back = (before + 15) // 16 * 16
    ahead = (after + 15) // 16 * 16
    band = self.band(q, min(chunk, t), back, ahead, before, after, bias)
    low = (max(back - offset, 0) + chunk - 1) // chunk
    high = (t - ahead) // chunk
    if at_once and high > low + 1:
        return self.attend_at_once(q, k, v, offset, band, back, ahead, low, high, key_mask, global_keys, global_values, global_mask, dropout, scale)
    return self.attend_chunks(q, k, v, offset, band, back, ahead, key_mask, global_keys, global_values, global_mask, dropout, scale, chunk)

# All pairs (1 or B, T, T) of positions of x (B, T, …) that are attended to.
def pairs(self, x: Tensor, before: int, after: int, key_mask: Optional[Tensor], everywhere: Optional[Tensor]) -> Tensor:
    i = torch.arange(x.size(1), device=x.device)
    offset = torch.unsqueeze(i, 0) - torch.unsqueeze(i, 1)
    seen = torch.unsqueeze(torch.logical_and(torch.ge(offset, -before), torch.le(offset, after)), 0)
    if everywhere is not None:
        seen = torch.logical_or(seen, torch.unsqueeze(everywhere, 1))
    if key_mask is not None:
        seen = torch.logical_and(seen, torch.unsqueeze(key_mask, 1))
    return seen
