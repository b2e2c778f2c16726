# A chunk of C tokens: its neighbours, and what everyone in it sees beside them. Keys that are left out
# get a large negative score, not minus infinity: a row that sees nothing must not make gradients NaN.

# The scores' shift by a mask, true means attend: (...) to (...) in float32.
def key_bias(self, mask: Tensor) -> Tensor:
    return torch.logical_not(mask) * -1e9

# before, or where there is nothing before, `count` places of zero; x; `tail` places of zero.
def surrounded(self, x: Tensor, before: Optional[Tensor], zero: Tensor, axis: int, count: int, tail: int) -> Tensor:
    shape = x.size()
    parts = annotate(List[Tensor], [])
    if before is not None:
        parts.append(before)
    else:
        shape[axis] = count
        parts.append(torch.expand(zero, shape))
    parts.append(x)
    if tail > 0:
        shape[axis] = tail
        parts.append(torch.expand(zero, shape))
    return torch.cat(parts, axis)

# What lies outside the window, (block, columns), column 0 one block behind row 0.
def outside(self, like: Tensor, offset: Tensor, before: int, after: int) -> Tensor:
    far = torch.logical_or(torch.lt(offset, -before), torch.gt(offset, after))
    return torch.masked_fill(torch.zeros(offset.size(), dtype=torch.float32, device=like.device), far, -1e9)

def offsets(self, like: Tensor, block: int, columns: int) -> Tensor:
    row = torch.unsqueeze(torch.arange(block, device=like.device), 1)
    return torch.unsqueeze(torch.arange(columns, device=like.device), 0) - row - block

# Blocks of queries together see this many of keys: one before, their own, and one behind if they look ahead.
def spans(self, after: int) -> int:
    if after > 0:
        return 3
    return 2

# Zeros behind a chunk of c tokens, so that all its blocks of queries have their keys.
def tail(self, c: int, block: int, spans: int) -> int:
    return (c + block - 1) // block * block - c + (spans - 2) * block

# What the layers of a pass have in common, from the mask (B, P+C+W) and the one of a block before the chunk: the
# shifts of scores near by (B, 1, n, block, columns) and of all tokens (B, P+C+W), the last block's mask, zeros, and,
# if features turn, which ones do not (Dh) and how the others do (S, Dh).
def common(self, x: Tensor, mask: Tensor, mask_before: Optional[Tensor], radians: Optional[Tensor], interleaved: bool, scale: float, features: int, p: int, c: int, before: int, after: int, block: int) -> List[Tensor]:
    spans = self.spans(after)
    columns = spans * block
    tail = self.tail(c, block, spans)
    none = torch.zeros([], dtype=torch.bool, device=mask.device)
    real = self.surrounded(torch.narrow(mask, 1, p, c), mask_before, none, 1, block, tail)
    outside = self.outside(x, self.offsets(x, block, columns), before, after)
    near = torch.unsqueeze(torch.unsqueeze(self.key_bias(real).unfold(1, columns, block), 1), 3) + outside
    zero = torch.zeros([], dtype=x.dtype, device=x.device)
    result = [near, self.key_bias(mask), torch.clone(torch.narrow(real, 1, c, block)), zero, zero.to(torch.float32)]
    if radians is not None:
        turns = self.table(x, None, c + block + tail, radians, scale)
        wide = self.wide_table(turns[0], turns[1], features, interleaved)
        turned = torch.zeros([2 * radians.size(0)], dtype=x.dtype, device=x.device)
        result.append(torch.constant_pad_nd(turned, [0, features - turned.size(0)], 1.0))
        result.append(wide[0])
        result.append(wide[1])
    return result

# A score's bias by offset (1 or H, before+1+after) to (1 or H, 1, block, columns).
def by_offset(self, bias: Tensor, before: int, after: int, block: int, columns: int) -> Tensor:
    offset = self.offsets(bias, block, columns)
    flat = torch.flatten(torch.clamp(offset + before, 0, before + after))
    rows = torch.index_select(bias.to(torch.float32), 1, flat)
    return torch.reshape(rows, [bias.size(0), 1, block, columns])

# How much each score falls by the gates between, cumulated logarithms (B, H, S) to (B, H, n, block, columns).
def forgotten(self, cumulated: Tensor, n: int, block: int, columns: int, causal: bool) -> Tensor:
    keys = cumulated.unfold(2, columns, block)
    queries = torch.unflatten(torch.narrow(cumulated, 2, block, n * block), 2, [n, block])
    d = torch.unsqueeze(queries, -1) - torch.unsqueeze(keys, -2)
    if causal:
        return torch.neg(torch.clamp(d, None, 0.0))
    return torch.abs(d)

# Each of n blocks of queries has `columns` of the keys x (B, H, S, Dh), before them those all see (B, H, F, Dh):
# (B*H, n, F+columns, Dh).
def blocks_of_keys(self, x: Tensor, far: Optional[Tensor], n: int, block: int, columns: int) -> Tensor:
    near = torch.transpose(x.unfold(2, columns, block), 3, 4)
    if far is not None:
        near = torch.cat([torch.expand(torch.unsqueeze(far, 2), [-1, -1, n, -1, -1]), near], 3)
    return torch.flatten(near, 0, 1)

# q (B, H, C, Dh), k and v (B, H, S, Dh): a block of earlier positions, the chunk, zeros; shift (B, 1 or H, n, block,
# columns). far_k and far_v (B, H, F, Dh) are seen by all, their scores shifted by far_bias (B, F). (B, C, H, Dh).
def attend(self, q: Tensor, k: Tensor, v: Tensor, shift: Tensor, far_k: Optional[Tensor], far_v: Optional[Tensor], far_bias: Optional[Tensor], dropout: float) -> Tensor:
    b = q.size(0)
    h = q.size(1)
    c = q.size(2)
    n = shift.size(2)
    block = shift.size(3)
    columns = shift.size(4)
    if n * block > c:
        q = torch.constant_pad_nd(q, [0, 0, 0, n * block - c], 0.0)
    rows = torch.flatten(torch.unflatten(q, 2, [n, block]), 0, 1)
    keys = self.blocks_of_keys(k, far_k, n, block, columns)
    values = self.blocks_of_keys(v, far_v, n, block, columns)
    all = torch.expand(shift, [b, h, n, block, columns])
    if far_bias is not None:
        wide = torch.unsqueeze(torch.unsqueeze(torch.unsqueeze(far_bias, 1), 1), 1)
        all = torch.cat([torch.expand(wide, [b, h, n, block, far_bias.size(1)]), all], 4)
    y = self.shifted_product(rows, keys, values, torch.flatten(all.to(q.dtype), 0, 1), dropout)
    y = torch.flatten(torch.unflatten(y, 0, [b, h]), 2, 3)
    return torch.transpose(torch.narrow(y, 2, 0, c), 1, 2)

# Queries (B, H, P, Dh) that see all keys (B, H, S, Dh), their scores shifted by bias (B, S): (B, P, H, Dh).
def attend_all(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor, dropout: float) -> Tensor:
    shift = torch.unsqueeze(torch.unsqueeze(bias, 1), 1).to(q.dtype)
    return torch.transpose(self.shifted_product(q, k, v, shift, dropout), 1, 2)

def heads(self, x: Tensor, count: int) -> Tensor:
    return torch.transpose(torch.unflatten(x, 2, [count, -1]), 1, 2)

def both(self, x: Optional[Tensor], y: Optional[Tensor], axis: int) -> Optional[Tensor]:
    if x is None:
        return y
    if y is None:
        return x
    return torch.cat([x, y], axis)

# x with zeros for the features that turn.
def unturned(self, x: Tensor, common: List[Tensor]) -> Tensor:
    if len(common) == 5:
        return x
    return x * common[5]

# Attention of P tokens before a chunk, its C tokens and W behind it: q, k and v (B, P+C+W, D), logits of forget
# gates (B, P+C+W, H); of the chunk before, a block of keys and values (B, H, block, Dh) and of gates (B, H, block);
# keys and values that were found (B, F, D), their shifts (B, F); bias by offset (1 or H, before+1+after). Gives the
# mix (B, P+C+W, D) and, if the next chunk needs them, the last block's keys, values and gates.
def mix(self, q: Tensor, k: Tensor, v: Tensor, logits: Optional[Tensor], common: List[Tensor], keys_before: Optional[Tensor], values_before: Optional[Tensor], gates_before: Optional[Tensor], found_k: Optional[Tensor], found_v: Optional[Tensor], found_bias: Optional[Tensor], bias: Optional[Tensor], count: int, p: int, w: int, before: int, after: int, turned: int, interleaved: bool, dropout: float, keeps: bool, recorded: bool) -> List[Tensor]:
    kept = annotate(List[Tensor], [])
    shift = common[0]
    n = shift.size(2)
    block = shift.size(3)
    columns = shift.size(4)
    c = q.size(1) - p - w
    tail = self.tail(c, block, self.spans(after))
    kh = self.heads(k, count)
    vh = self.heads(v, count)
    qs = torch.split_with_sizes(self.heads(q, count), [p, c, w], 2)
    ks = torch.split_with_sizes(kh, [p, c, w], 2)
    vs = torch.split_with_sizes(vh, [p, c, w], 2)
    near_q = qs[1]
    near_k = self.surrounded(ks[1], keys_before, common[3], 2, block, tail)
    near_v = self.surrounded(vs[1], values_before, common[3], 2, block, tail)
    if keeps:
        kept.append(self.copied(near_k, 2, c, block, recorded))
        kept.append(self.copied(near_v, 2, c, block, recorded))
    if turned > 0:
        own = common[6]
        others = common[7]
        near_q = self.turn_wide(near_q, torch.narrow(own, 0, block, c), torch.narrow(others, 0, block, c), turned // 2, interleaved)
        near_k = self.turn_wide(near_k, own, others, turned // 2, interleaved)
    if bias is not None:
        shift = shift + self.by_offset(bias, before, after, block, columns)
    if logits is not None:
        logs = self.surrounded(self.log_gates(torch.narrow(logits, 1, p, c)), gates_before, common[4], 2, block, tail)
        if keeps:
            kept.append(self.copied(logs, 2, c, block, recorded))
        shift = shift - self.forgotten(self.cumulate(logs), n, block, columns, after == 0)
    far_k = found_k
    far_v = found_v
    if found_k is not None:
        far_k = self.heads(found_k, count)
    if found_v is not None:
        far_v = self.heads(found_v, count)
    some_k = far_k
    some_v = far_v
    some_bias = found_bias
    if p > 0:
        some_k = self.both(ks[0], far_k, 2)
        some_v = self.both(vs[0], far_v, 2)
        some_bias = self.both(torch.narrow(common[1], 1, 0, p), found_bias, 1)
    if some_k is not None:
        some_k = self.unturned(some_k, common)
    mixed = annotate(List[Tensor], [])
    if p > 0:
        mixed.append(self.everywhere(self.unturned(qs[0], common), some_k, some_v, some_bias, kh, vh, far_k, far_v, common[1], found_bias, after == 0, dropout))
    mixed.append(self.attend(near_q, near_k, near_v, shift, some_k, some_v, some_bias, dropout))
    if w > 0:
        mixed.append(self.everywhere(self.unturned(qs[2], common), None, None, None, kh, vh, far_k, far_v, common[1], found_bias, False, dropout))
    result = [torch.flatten(torch.cat(mixed, 1), 2, 3)]
    for each in kept:
        result.append(each)
    return result

# Queries outside the chunk: of some keys alone, or of all and those that were found.
def everywhere(self, q: Tensor, some_k: Optional[Tensor], some_v: Optional[Tensor], some_bias: Optional[Tensor], k: Tensor, v: Tensor, far_k: Optional[Tensor], far_v: Optional[Tensor], bias: Tensor, far_bias: Optional[Tensor], few: bool, dropout: float) -> Tensor:
    keys = k
    values = v
    shift = bias
    if few and some_k is not None and some_v is not None and some_bias is not None:
        keys = some_k
        values = some_v
        shift = some_bias
    elif far_k is not None and far_v is not None and far_bias is not None:
        keys = torch.cat([k, far_k], 2)
        values = torch.cat([v, far_v], 2)
        shift = torch.cat([bias, far_bias], 1)
    return self.attend_all(q, keys, values, shift, dropout)

# A copy of some places of an axis, without its gradient's path unless recorded.
def copied(self, x: Tensor, axis: int, start: int, length: int, recorded: bool) -> Tensor:
    rows = torch.narrow(x, axis, start, length)
    if recorded:
        return torch.clone(rows)
    return torch.clone(torch.detach(rows))

def part(self, x: Tensor, axis: int, start: int, length: int) -> Tensor:
    return torch.narrow(x, axis, start, length)

def cut(self, x: Tensor, axis: int, start: int, length: int) -> Tensor:
    return torch.contiguous(torch.narrow(x, axis, start, length))

def join(self, parts: List[Tensor], axis: int) -> Tensor:
    return torch.cat(parts, axis)

# A copy of the last positions; see segment.py.
def last(self, x: Tensor, axis: int, count: int, recorded: bool) -> Tensor:
    return self.copied(x, axis, x.size(axis) - count, count, recorded)

def detached(self, x: Tensor, recorded: bool) -> Tensor:
    if recorded:
        return x
    return torch.detach(x)

def ones(self, like: Tensor, rows: int, columns: int) -> Tensor:
    return torch.ones([rows, columns], dtype=torch.bool, device=like.device)

def log_gates(self, logits: Tensor) -> Tensor:
    return torch.log_sigmoid(torch.transpose(logits.to(torch.float32), 1, 2))

def cumulate(self, logs: Tensor) -> Tensor:
    return torch.cumsum(logs.to(torch.float64), -1).to(torch.float32)

# x (B, C, …) filled up with zeros, as blocks (B, n, size, …).
def as_blocks(self, x: Tensor, size: int) -> Tensor:
    n = (x.size(1) + size - 1) // size
    rest = n * size - x.size(1)
    if rest == 0:
        return torch.unflatten(x, 1, [n, size])
    padding = annotate(List[int], [])
    for i in range(x.dim() - 2):
        padding.append(0)
        padding.append(0)
    padding.append(0)
    padding.append(rest)
    return torch.unflatten(torch.constant_pad_nd(x, padding, 0), 1, [n, size])

# Means of features (B, n, S, H*d) weighted by the softmax of logits (B, n, S, H), shifted by bias (B, n, S):
# (B, n, H*d) in float32.
def pool(self, features: Tensor, logits: Tensor, bias: Tensor) -> Tensor:
    heads = logits.size(3)
    a = torch.softmax(logits + torch.unsqueeze(bias, -1), 2)
    f = torch.unflatten(features, 3, [heads, -1])
    return torch.flatten(torch.sum(torch.unsqueeze(a, -1) * f, [2]), 2, 3)

# The masks of blocks of C tokens from p on, and of the first `seen` of all, and their shifts: (B, n, S), (B, n, S),
# (B, 1, seen).
def block_masks(self, mask: Tensor, p: int, c: int, seen: int, size: int) -> List[Tensor]:
    real = self.as_blocks(torch.narrow(mask, 1, p, c), size)
    return [real, self.key_bias(real), torch.unsqueeze(self.key_bias(torch.narrow(mask, 1, 0, seen)), 1)]

# Features (B, T, H*d) and logits (B, T, H) of tokens p ... p+c-1 as means of blocks (B, n, H*d).
def pool_blocks(self, features: Tensor, logits: Tensor, bias: Tensor, p: int, c: int) -> Tensor:
    f = self.as_blocks(torch.narrow(features, 1, p, c), bias.size(2))
    g = self.as_blocks(torch.narrow(logits, 1, p, c), bias.size(2))
    return self.pool(f, g, bias)

# Blocks that have a token: mask (B, n, S) to (B, n).
def filled(self, mask: Tensor) -> Tensor:
    return torch.any(mask, 2)

# query (B, Dk), keys (B, n, Dk), valid (B, n): the scores (B, n) in float32.
def scores(self, query: Tensor, keys: Tensor, valid: Tensor) -> Tensor:
    q = query.to(torch.float32) * (float(query.size(1)) ** -0.5)
    s = torch.squeeze(torch.matmul(keys.to(torch.float32), torch.unsqueeze(q, -1)), -1)
    return torch.masked_fill(s, torch.logical_not(valid), -1e9)

# How wrong the choice of blocks is. marks (B, N): 2 for tokens that answer the row's question, 1 for
# others like them; numbers (B, n) of the blocks among all; rows of one kind might answer each other.
def guidance(self, query: Tensor, keys: Tensor, valid: Tensor, marks: Tensor, numbers: Tensor, kinds: Tensor, size: int) -> Tensor:
    rows = query.size(0)
    mark = torch.gather(torch.amax(self.as_blocks(marks, size), [2]), 1, numbers)
    flat = torch.flatten(keys.to(torch.float32), 0, 1)
    s = torch.matmul(query.to(torch.float32), torch.transpose(flat, 0, 1)) * (float(query.size(1)) ** -0.5)
    row = torch.arange(rows, device=query.device)
    same = torch.unsqueeze(torch.eq(torch.unsqueeze(row, 1), torch.unsqueeze(row, 0)), 2)
    alike = torch.unsqueeze(torch.eq(torch.unsqueeze(kinds, 1), torch.unsqueeze(kinds, 0)), 2)
    right = torch.flatten(torch.logical_and(same, torch.unsqueeze(torch.eq(mark, 2), 0)), 1, 2)
    others = torch.logical_and(torch.logical_not(same), alike)
    open = torch.logical_and(others, torch.unsqueeze(torch.gt(mark, 0), 0))
    left = torch.flatten(torch.logical_or(open, torch.unsqueeze(torch.logical_not(valid), 0)), 1, 2)
    wrong = torch.masked_fill(s, torch.logical_or(left, right), -1e9)
    none = torch.zeros([rows, 1], dtype=torch.float32, device=query.device)
    rest = torch.logsumexp(torch.cat([none, wrong], 1), [1])
    each = torch.softplus(torch.unsqueeze(rest, 1) - s) * right.to(torch.float32)
    count = torch.sum(right, [1])
    found = torch.sum(each, [1]) / torch.clamp(count, 1)
    return torch.mean(torch.where(torch.gt(count, 0), found, rest))

# The best k of n scores (B, n), best first: the scores (B, k) and the places (B, k).
def best(self, scores: Tensor, k: int) -> List[Tensor]:
    top, places = torch.topk(scores, k, -1)
    return [top, places]

# The highest scores so far: before (B, rows), scores of the first n rows (B, n).
def raised(self, before: Tensor, scores: Tensor) -> Tensor:
    n = scores.size(1)
    now = torch.maximum(torch.narrow(before, 1, 0, n), torch.detach(scores))
    return torch.cat([now, torch.narrow(before, 1, n, before.size(1) - n)], 1)

def lowest(self, numbers: Tensor) -> Tensor:
    return torch.full(numbers.size(), -3e38, dtype=torch.float32, device=numbers.device)

# Where new rows go: over the `gone` lowest of the ranks (B, n), then behind all.
def places(self, ranks: Tensor, gone: int, count: int) -> Tensor:
    n = ranks.size(1)
    row = torch.arange(n, n + count - gone, dtype=torch.int64, device=ranks.device)
    behind = torch.expand(torch.unsqueeze(row, 0), [ranks.size(0), -1])
    values, low = torch.topk(ranks, gone, 1, False)
    return torch.cat([low, behind], 1)

# x (B, n, …) with zeros up to (B, rows, …).
def room(self, x: Tensor, rows: int) -> Tensor:
    padding = annotate(List[int], [])
    for i in range(x.dim() - 2):
        padding.append(0)
        padding.append(0)
    padding.append(0)
    padding.append(rows - x.size(1))
    return torch.constant_pad_nd(x, padding, 0)

# Writes rows (B, k, …) over places (B, k) of each x (B, n, …).
def put(self, all: List[Tensor], places: Tensor, rows: List[Tensor]) -> List[Tensor]:
    first = torch.unsqueeze(torch.arange(places.size(0), device=places.device), 1)
    where = annotate(List[Optional[Tensor]], [first, places])
    written = annotate(List[Tensor], [])
    for i in range(len(all)):
        written.append(torch.index_put_(all[i], where, rows[i]))
    return written

def numbers(self, like: Tensor, first: int, count: int) -> Tensor:
    row = torch.arange(first, first + count, dtype=torch.int64, device=like.device)
    return torch.clone(torch.expand(torch.unsqueeze(row, 0), [like.size(0), -1]))

def rows(self, x: Tensor) -> Tensor:
    return torch.flatten(x, 1, 2)

def squeezed(self, x: Tensor) -> Tensor:
    return torch.squeeze(x, 1)

# Takes places (B, k) of the second axis of each: (B, n, …) to (B, k, …).
def take(self, all: List[Tensor], places: Tensor) -> List[Tensor]:
    first = torch.unsqueeze(torch.arange(places.size(0), device=places.device), 1)
    taken = annotate(List[Tensor], [])
    index = places
    n = 0
    for x in all:
        if x.size(1) != n:
            n = x.size(1)
            index = torch.flatten(places + first * n)
        rows = torch.index_select(torch.flatten(x, 0, 1), 0, index)
        taken.append(torch.unflatten(rows, 0, [x.size(0), places.size(1)]))
    return taken

# Scores (B, k) of blocks and masks (B, k, S) of their tokens to shifts of the tokens' scores (B, k*S).
def token_bias(self, scores: Tensor, mask: Tensor) -> Tensor:
    return torch.flatten(torch.unsqueeze(scores, -1) + self.key_bias(mask), 1, 2)

# Rows of 8 bits and their factors: (..., D) to int8 (..., D) and float32 (..., 1).
def narrowed(self, x: Tensor) -> List[Tensor]:
    f = x.to(torch.float32)
    factor = torch.clamp(torch.amax(torch.abs(f), [-1], True), 1e-12) / 127.0
    return [torch.round(f / factor).to(torch.int8), factor]

def widened(self, x: Tensor, factor: Tensor, like: Tensor) -> Tensor:
    return (x.to(torch.float32) * factor).to(like.dtype)

# share * before + (1 - share) * now, share = sigmoid(logits).
def gated(self, before: Tensor, now: Tensor, logits: Tensor) -> Tensor:
    share = torch.sigmoid(logits.to(torch.float32))
    return share * before + (1.0 - share) * now

# (M, D) or (B, M, D) for B examples.
def for_examples(self, like: Tensor, x: Tensor) -> Tensor:
    return torch.expand(x, [like.size(0), x.size(-2), x.size(-1)])
