# Rows of table (V, D) at ids (B, T); the row at padding, if any, gets no gradient.
def lookup(self, table: Tensor, ids: Tensor, padding: int) -> Tensor:
    return torch.embedding(table, ids, padding)

# The first T rows after offset, to be broadcast over the batch.
def rows(self, table: Tensor, offset: int, count: int) -> Tensor:
    return torch.slice(table, 0, offset, offset + count)

# Mean over the positions that mask (B, T) keeps: (B, T, D) -> (B, D).
def mean_pool(self, x: Tensor, mask: Optional[Tensor]) -> Tensor:
    if mask is None:
        return torch.mean(x, [1])
    m = torch.unsqueeze(mask.to(x.dtype), -1)
    return torch.sum(x * m, [1]) / torch.clamp(torch.sum(m, [1]), 1e-9)

def first(self, x: Tensor) -> Tensor:
    return torch.select(x, 1, 0)

# Windows of a long sequence, one for each start (B), moved on by offset: (B, length).
def windows(self, starts: Tensor, sequence: Tensor, offset: int, length: int) -> Tensor:
    steps = torch.arange(offset, offset + length, dtype=torch.int64, device=sequence.device)
    return torch.take(sequence, torch.unsqueeze(starts, 1) + steps)

def last(self, x: Tensor) -> Tensor:
    return torch.narrow(x, 1, x.size(1) - 1, 1)

# 1-based positions of the tokens that are not padding, shifted by padding, as in RoBERTa: (B, T).
def positions_past(self, ids: Tensor, padding: int) -> Tensor:
    kept = torch.ne(ids, padding).to(torch.int64)
    return torch.cumsum(kept, 1) * kept + padding

# Whether these are padding + 1, padding + 2, … wherever mask (B, T) or None keeps a token.
def positions_in_order(self, ids: Tensor, mask: Optional[Tensor], padding: int) -> Tensor:
    order = torch.arange(padding + 1, padding + 1 + ids.size(1), dtype=torch.int64, device=ids.device)
    fits = torch.eq(self.positions_past(ids, padding), order)
    if mask is not None:
        fits = torch.logical_or(fits, torch.eq(mask, 0))
    return torch.all(fits)

def gather_rows(self, x: Tensor, table: Tensor, positions: Tensor) -> Tensor:
    return x + torch.embedding(table, positions)

def add_rows(self, x: Tensor, table: Tensor, offset: int) -> Tensor:
    return x + torch.slice(table, 0, offset, offset + x.size(1))

# sin and cos of position / 10000^(2i/D), interleaved: features 2i and 2i+1.
def add_sinusoids(self, x: Tensor, positions: Optional[Tensor]) -> Tensor:
    d = x.size(-1)
    p = torch.arange(x.size(1), dtype=torch.float32, device=x.device)
    if positions is not None:
        p = positions.to(torch.float32)
    i = torch.arange(0, d, 2, dtype=torch.float32, device=x.device)
    angle = torch.unsqueeze(p, -1) * torch.pow(10000.0, torch.neg(i) / d)
    rows = torch.flatten(torch.stack([torch.sin(angle), torch.cos(angle)], -1), -2)
    return x + torch.narrow(rows, -1, 0, d)

# The state at the first place of a token, or of the highest id if token is negative: (B, D).
def at_token(self, x: Tensor, ids: Tensor, token: int) -> Tensor:
    place = torch.argmax(ids, -1)
    if token >= 0:
        place = torch.argmax(torch.eq(ids, token).to(torch.int64), -1)
    index = torch.expand(torch.unsqueeze(torch.unsqueeze(place, -1), -1), [x.size(0), 1, x.size(2)])
    return torch.squeeze(torch.gather(x, 1, index), 1)

# The first lengths[i] positions of row i of x (B, T, D), each as an array of its own.
def cut_rows(self, x: Tensor, lengths: Tensor) -> List[Tensor]:
    rows: List[Tensor] = []
    for i in range(x.size(0)):
        rows.append(torch.clone(torch.narrow(torch.select(x, 0, i), 0, 0, int(lengths[i]))))
    return rows

# Rows (n, D) of different lengths, followed by zeros up to length: (B, T, D).
def pad_rows(self, rows: List[Tensor], length: int) -> Tensor:
    padded: List[Tensor] = []
    for row in rows:
        padded.append(torch.constant_pad_nd(row, [0, 0, 0, length - row.size(0)], 0))
    return torch.stack(padded, 0)

# Tokens of ids (B, T), but for those in fixed, are swapped with a neighbour or replaced by other
# tokens of the batch. Each row draws its own share, none for a part of the rows.
def changed(self, ids: Tensor, fixed: Tensor, untouched: float, replaced: float, swapped: float) -> Tensor:
    rows = ids.size(0)
    length = ids.size(1)
    draw = torch.rand([rows, 1], device=ids.device)
    share = torch.clamp((draw - untouched) / (1.0 - untouched), 0.0)
    column = torch.arange(0, length, dtype=torch.int64, device=ids.device)
    even = torch.eq(torch.remainder(column, 2), 0)
    shift = torch.randint(0, 2, [rows, 1], device=ids.device)
    partner = torch.where(torch.eq(torch.unsqueeze(even.to(torch.int64), 0), shift), torch.unsqueeze(column + 1, 0), torch.unsqueeze(column - 1, 0))
    partner = torch.clamp(partner, 0, length - 1)
    other = torch.gather(ids, 1, partner)
    pair = torch.minimum(partner, torch.unsqueeze(column, 0))
    coin = torch.gather(torch.rand([rows, length], device=ids.device), 1, pair)
    free = torch.logical_not(torch.isin(ids, fixed))
    both = torch.logical_and(free, torch.logical_not(torch.isin(other, fixed)))
    y = torch.where(torch.logical_and(both, torch.lt(coin, share * swapped)), other, ids)
    flat = torch.flatten(ids)
    place = torch.randint(0, flat.size(0), [rows, length], device=ids.device)
    stranger = torch.take(flat, place)
    good = torch.logical_and(free, torch.logical_not(torch.isin(stranger, fixed)))
    coin = torch.rand([rows, length], device=ids.device)
    return torch.where(torch.logical_and(good, torch.lt(coin, share * replaced)), stranger, y)
