# second (In, In) is the sum of x xᵀ over tokens, magnitude (In) the sum of |x|; both float64.

def add_inputs(self, second: Tensor, magnitude: Tensor, x: Tensor, keep: Optional[Tensor]) -> Tensor:
    flat = torch.reshape(torch.detach(x), [-1, x.size(-1)]).to(torch.float64)
    if keep is not None:
        flat = flat * torch.unsqueeze(torch.reshape(keep, [-1]).to(torch.float64), 1)
    added = torch.add_(second, torch.matmul(torch.t(flat), flat))
    sums = torch.add_(magnitude, torch.sum(torch.abs(flat), [0]))
    return sums

def add_squares(self, sums: Tensor, gradient: Tensor) -> Tensor:
    return torch.addcmul_(sums, gradient, gradient)

# Tr(D second Dᵀ) / Tr(W second Wᵀ) with D = W - Q.
def output_error(self, w: Tensor, q: Tensor, second: Tensor) -> Tensor:
    wide = w.to(torch.float64)
    d = wide - q.to(torch.float64)
    error = torch.sum(torch.matmul(d, second) * d)
    return error / torch.clamp(torch.sum(torch.matmul(wide, second) * wide), 1e-300)

def spread(self, groups: Tensor, size: int, like: Tensor) -> Tensor:
    ones = torch.ones([1, size], dtype=torch.float64, device=like.device)
    return torch.reshape(torch.reshape(groups, [-1, 1]).to(torch.float64) * ones, like.shape)

# U with Uᵀ U = inverse(second + damping), upper triangular.
def inverse_factor(self, second: Tensor, damping: float) -> Tensor:
    diagonal = torch.diagonal(second)
    mean = torch.mean(diagonal)
    shift = mean * damping + torch.eq(diagonal, 0.0).to(torch.float64) * torch.clamp(mean, 1e-12)
    lower = torch.linalg_cholesky(second + torch.diag(shift))
    return torch.linalg_cholesky(torch.cholesky_inverse(lower), upper=True)

def gptq(self, w: Tensor, scale: Tensor, zero: Tensor, second: Tensor, size: int, high: int, damping: float, ordered: bool) -> Tensor:
    n = w.size(1)
    order = torch.arange(n, dtype=torch.int64, device=w.device)
    if ordered:
        order = torch.argsort(torch.diagonal(second), -1, True)
    u = self.inverse_factor(torch.index_select(torch.index_select(second, 0, order), 1, order), damping)
    wp = torch.index_select(w.to(torch.float64), 1, order)
    sp = torch.index_select(self.spread(scale, size, w), 1, order)
    zp = torch.index_select(self.spread(zero, size, w), 1, order)
    codes = torch.zeros_like(wp)
    block = 64
    for b in range((n + block - 1) // block):
        start = b * block
        count = block
        if start + count > n:
            count = n - start
        rows = torch.narrow(u, 0, start, count)
        ub = torch.narrow(rows, 1, start, count)
        wb = torch.narrow(wp, 1, start, count)
        errors = torch.zeros_like(wb)
        for j in range(count):
            c = torch.select(wb, 1, j)
            s = torch.select(sp, 1, start + j)
            z = torch.select(zp, 1, start + j)
            row = torch.select(ub, 0, j)
            q = torch.clamp(torch.round(c / s) + z, 0, high)
            e = (c - (q - z) * s) / torch.select(row, 0, j)
            copied = torch.copy_(torch.select(codes, 1, start + j), q)
            noted = torch.copy_(torch.select(errors, 1, j), e)
            if j + 1 < count:
                rest = torch.narrow(wb, 1, j + 1, count - j - 1)
                moved = torch.sub_(rest, torch.outer(e, torch.narrow(row, 0, j + 1, count - j - 1)))
        end = start + count
        if end < n:
            later = torch.narrow(wp, 1, end, n - end)
            pushed = torch.sub_(later, torch.matmul(errors, torch.narrow(rows, 1, end, n - end)))
    return torch.index_select(codes, 1, torch.argsort(order)).to(torch.uint8)

def column_scale(self, magnitude: Tensor, power: float) -> Tensor:
    m = torch.clamp(magnitude / torch.clamp(torch.amax(magnitude), 1e-300), 1e-4)
    s = torch.pow(m, power)
    return (s / torch.sqrt(torch.amax(s) * torch.amin(s))).to(torch.float32)

# Each row of v (N, d) to the entry of table (K, d) with the least sum of a (v - entry)².
def nearest(self, v: Tensor, a: Tensor, table: Tensor) -> Tensor:
    found = annotate(List[Tensor], [])
    chunk = 32768
    squares = torch.t(table * table)
    twice = torch.t(table) * 2.0
    for i in range((v.size(0) + chunk - 1) // chunk):
        start = i * chunk
        count = chunk
        if start + count > v.size(0):
            count = v.size(0) - start
        ai = torch.narrow(a, 0, start, count)
        costs = torch.matmul(ai, squares) - torch.matmul(ai * torch.narrow(v, 0, start, count), twice)
        found.append(torch.argmin(costs, 1))
    return torch.cat(found)

def product_fit(self, v: Tensor, a: Tensor, table: Tensor, rounds: int) -> List[Tensor]:
    entries = table
    for i in range(rounds):
        codes = self.nearest(v, a, entries)
        sums = torch.index_add(torch.zeros_like(entries), 0, codes, a * v)
        weights = torch.index_add(torch.zeros_like(entries), 0, codes, a)
        entries = torch.where(weights > 0.0, sums / torch.clamp(weights, 1e-30), entries)
    return [entries, self.nearest(v, a, entries).to(torch.uint8)]
