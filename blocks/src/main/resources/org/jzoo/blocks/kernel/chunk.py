# A chunk of C tokens: its neighbours, and what everyone in it sees beside them. Keys that are left out
# get a large negative score, not minus infinity: a row that sees nothing must not make gradients NaN.

# The scores' shift by a mask, true means attend: (...) to (...) in float32.
def key_bias(self, mask: Tensor) -> Tensor:
    return torch.masked_fill(torch.zeros(mask.size(), dtype=torch.float32, device=mask.device), torch.logical_not(mask), -1e9)

# k (B, H, S, Dh) without its first features, which know positions.
def without_position(self, k: Tensor, turned: int) -> Tensor:
    if turned == 0:
        return k
    return torch.constant_pad_nd(torch.narrow(k, 3, turned, k.size(3) - turned), [turned, 0], 0.0)

# x (B, H, (n+spans-1)*block, ...) as (B, H, n, spans*block, ...): blocks j … j+spans-1 for each j.
def neighbours(self, x: Tensor, n: int, block: int, spans: int) -> Tensor:
    blocks = torch.unflatten(x, 2, [-1, block])
    parts = annotate(List[Tensor], [])
    for j in range(spans):
        parts.append(torch.narrow(blocks, 2, j, n))
    return torch.cat(parts, 3)

# What lies outside the window, (1 or H, block, columns), column 0 one block behind row 0.
def window_bias(self, like: Tensor, bias: Optional[Tensor], before: int, after: int, block: int, columns: int) -> Tensor:
    row = torch.unsqueeze(torch.arange(block, device=like.device), 1)
    offset = torch.unsqueeze(torch.arange(columns, device=like.device), 0) - row - block
    outside = torch.logical_or(torch.lt(offset, -before), torch.gt(offset, after))
    inside = torch.zeros([1, block, columns], dtype=torch.float32, device=like.device)
    if bias is not None:
        flat = torch.flatten(torch.clamp(offset + before, 0, before + after))
        inside = torch.reshape(torch.index_select(bias.to(torch.float32), 1, flat), [bias.size(0), block, columns])
    return torch.masked_fill(inside, outside, -1e9)

# Cumulated logarithms of gates (B, H, block+C), as in forget.py, to shifts (B, n, H, block, columns).
def forgotten(self, cumulated: Tensor, n: int, block: int, spans: int, tail: int, causal: bool) -> Tensor:
    padded = torch.constant_pad_nd(cumulated, [0, tail], 0.0)
    keys = self.neighbours(padded, n, block, spans)
    queries = torch.unflatten(torch.narrow(padded, 2, block, n * block), 2, [n, block])
    d = torch.unsqueeze(queries, -1) - torch.unsqueeze(keys, -2)
    if causal:
        d = torch.clamp(d, None, 0.0)
    else:
        d = torch.neg(torch.abs(d))
    return torch.permute(d, [0, 2, 1, 3, 4])

# q (B, H, C, Dh), k and v (B, H, block+C, Dh): one block of earlier positions, then the chunk; mask
# (B, block+C). far_k and far_v (B, H, F, Dh) are seen by all, their scores shifted by far_bias (B, F).
def attend(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, far_k: Optional[Tensor], far_v: Optional[Tensor], far_bias: Optional[Tensor], bias: Optional[Tensor], cumulated: Optional[Tensor], before: int, after: int, block: int, dropout: float) -> Tensor:
    b = q.size(0)
    c = q.size(2)
    n = (c + block - 1) // block
    rest = n * block - c
    spans = 2
    tail = rest
    if after > 0:
        spans = 3
        tail = rest + block
    columns = spans * block
    qb = torch.unflatten(torch.constant_pad_nd(q, [0, 0, 0, rest], 0.0), 2, [n, block])
    kb = self.neighbours(torch.constant_pad_nd(k, [0, 0, 0, tail], 0.0), n, block, spans)
    vb = self.neighbours(torch.constant_pad_nd(v, [0, 0, 0, tail], 0.0), n, block, spans)
    kb = torch.permute(kb, [0, 2, 1, 3, 4])
    vb = torch.permute(vb, [0, 2, 1, 3, 4])
    real = torch.constant_pad_nd(self.key_bias(mask), [0, tail], -1e9)
    real = torch.squeeze(self.neighbours(torch.unsqueeze(real, 1), n, block, spans), 1)
    near = torch.unsqueeze(self.window_bias(q, bias, before, after, block, columns), 0)
    shift = torch.unsqueeze(near, 0) + torch.unsqueeze(torch.unsqueeze(real, 2), 2)
    if cumulated is not None:
        shift = shift + self.forgotten(cumulated, n, block, spans, tail, after == 0)
    if far_k is not None:
        kb = torch.cat([torch.expand(torch.unsqueeze(far_k, 1), [-1, n, -1, -1, -1]), kb], 3)
    if far_v is not None:
        vb = torch.cat([torch.expand(torch.unsqueeze(far_v, 1), [-1, n, -1, -1, -1]), vb], 3)
    if far_bias is not None:
        wide = torch.unsqueeze(torch.unsqueeze(torch.unsqueeze(far_bias, 1), 1), 1)
        shift = torch.cat([torch.expand(wide, [b, n, shift.size(2), block, -1]), shift], 4)
    y = self.dot_product(
        torch.flatten(torch.permute(qb, [0, 2, 1, 3, 4]), 0, 1),
        torch.flatten(kb, 0, 1), torch.flatten(vb, 0, 1),
        torch.flatten(shift, 0, 1).to(q.dtype), dropout, False, None)
    y = torch.flatten(torch.permute(torch.unflatten(y, 0, [b, n]), [0, 2, 1, 3, 4]), 2, 3)
    return torch.narrow(y, 2, 0, c)

# Queries (B, H, P, Dh) that see all keys (B, H, S, Dh), their scores shifted by bias (B, S).
def attend_all(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor, dropout: float) -> Tensor:
    shift = torch.unsqueeze(torch.unsqueeze(bias, 1), 1).to(q.dtype)
    return self.dot_product(q, k, v, shift, dropout, False, None)

def part(self, x: Tensor, axis: int, start: int, length: int) -> Tensor:
    return torch.narrow(x, axis, start, length)

def cut(self, x: Tensor, axis: int, start: int, length: int) -> Tensor:
    return torch.contiguous(torch.narrow(x, axis, start, length))

def join(self, parts: List[Tensor], axis: int) -> Tensor:
    return torch.cat(parts, axis)

# `before` behind x, or where there is nothing before, `count` positions of zeros.
def behind(self, x: Tensor, before: Optional[Tensor], axis: int, count: int) -> Tensor:
    if before is not None:
        return torch.cat([before, x], axis)
    shape = x.size()
    shape[axis] = count
    return torch.cat([torch.zeros(shape, dtype=x.dtype, device=x.device), x], axis)

# A copy of the last positions; see segment.py.
def last(self, x: Tensor, axis: int, count: int, recorded: bool) -> Tensor:
    rows = torch.narrow(x, axis, x.size(axis) - count, count)
    if recorded:
        return torch.clone(rows)
    return torch.clone(torch.detach(rows))

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
    padding = annotate(List[int], [])
    for i in range(x.dim() - 2):
        padding.append(0)
        padding.append(0)
    padding.append(0)
    padding.append(rest)
    return torch.unflatten(torch.constant_pad_nd(x, padding, 0), 1, [n, size])

# Means of features (B, n, S, H*d) weighted by the softmax of logits (B, n, S, H) over those in mask
# (B, n, S): (B, n, H*d) in float32.
def pool(self, features: Tensor, logits: Tensor, mask: Tensor) -> Tensor:
    heads = logits.size(3)
    a = torch.softmax(logits.to(torch.float32) + torch.unsqueeze(self.key_bias(mask), -1), 2)
    f = torch.unflatten(features.to(torch.float32), 3, [heads, -1])
    return torch.flatten(torch.sum(torch.unsqueeze(a, -1) * f, [2]), 2, 3)

# Blocks that have a token: mask (B, n, S) to (B, n).
def filled(self, mask: Tensor) -> Tensor:
    return torch.any(mask, 2)

# query (B, Dk), keys (B, n, Dk), valid (B, n): the scores (B, n) in float32.
def scores(self, query: Tensor, keys: Tensor, valid: Tensor) -> Tensor:
    s = torch.matmul(keys.to(torch.float32), torch.unsqueeze(query.to(torch.float32), -1))
    s = torch.squeeze(s, -1) * (float(query.size(1)) ** -0.5)
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

# Writes rows (B, k, …) over places (B, k) of x (B, n, …).
def put(self, x: Tensor, places: Tensor, rows: Tensor) -> Tensor:
    first = torch.unsqueeze(torch.arange(x.size(0), device=x.device), 1)
    where = annotate(List[Optional[Tensor]], [first, places])
    return torch.index_put_(x, where, rows)

def numbers(self, like: Tensor, first: int, count: int) -> Tensor:
    row = torch.arange(first, first + count, dtype=torch.int64, device=like.device)
    return torch.clone(torch.expand(torch.unsqueeze(row, 0), [like.size(0), -1]))

def rows(self, x: Tensor) -> Tensor:
    return torch.flatten(x, 1, 2)

def squeezed(self, x: Tensor) -> Tensor:
    return torch.squeeze(x, 1)

# Takes places (B, k) of the second axis: (B, n, …) to (B, k, …).
def take(self, x: Tensor, places: Tensor) -> Tensor:
    first = torch.unsqueeze(torch.arange(x.size(0), device=x.device) * x.size(1), 1)
    rows = torch.index_select(torch.flatten(x, 0, 1), 0, torch.flatten(places + first))
    return torch.unflatten(rows, 0, [x.size(0), places.size(1)])

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
