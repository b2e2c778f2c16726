# d loss / d gate of factors, now 1, before each input of a map with this weight (Out, In):
# sum over outputs of weight * gradient. Zeros where no gradient was recorded.
def input_gates(self, weight: Tensor) -> Tensor:
    g = weight.grad
    if g is not None and g.dtype == weight.dtype:
        return torch.sum(weight * g, 0)
    return torch.zeros([weight.size(1)], dtype=weight.dtype, device=weight.device)

# Sums and sums of squares over tokens of x (B, T, F), where mask (B, T) is true: (2, F).
def moments(self, x: Tensor, mask: Optional[Tensor]) -> Tensor:
    rows = torch.flatten(x, 0, -2).to(torch.float32)
    if mask is not None:
        kept = torch.unsqueeze(torch.flatten(mask), 1).to(rows.dtype)
        rows = rows * kept
    return torch.stack([torch.sum(rows, 0), torch.sum(rows * rows, 0)], 0)

# Rows and then columns of a matrix, or the entries of a vector.
def select(self, x: Tensor, rows: Optional[Tensor], columns: Optional[Tensor]) -> Tensor:
    y = x
    if rows is not None:
        y = torch.index_select(y, 0, rows)
    if columns is not None:
        y = torch.index_select(y, 1, columns)
    return y.clone()

# The directions (D, rank) in which rows of x (V, D), each counting weights (V), vary most, and
# their mean (D).
def directions(self, x: Tensor, weights: Tensor, rank: int) -> List[Tensor]:
    w = torch.unsqueeze(weights.to(torch.float64), 1)
    rows = x.to(torch.float64)
    mean = torch.sum(rows * w, [0]) / torch.sum(w)
    centred = rows - mean
    values, vectors = torch.linalg_eigh(torch.matmul(torch.transpose(centred * w, 0, 1), centred))
    kept = torch.flip(torch.narrow(vectors, 1, vectors.size(1) - rank, rank), [1])
    return [kept.to(x.dtype).contiguous(), mean.to(x.dtype)]

# Coordinates (V, R) of rows of x (V, D) along directions (D, R), from their mean (D).
def coordinates(self, x: Tensor, directions: Tensor, mean: Tensor) -> Tensor:
    return torch.matmul(x - mean, directions)

# 1 for the weights with the largest magnitudes, 0 for that share of the others.
def magnitude_mask(self, weight: Tensor, sparsity: float) -> Tensor:
    flat = torch.flatten(torch.abs(weight))
    dropped = torch.narrow(torch.argsort(flat, 0, False), 0, 0, int(float(flat.size(0)) * sparsity + 0.5))
    return torch.reshape(torch.index_fill(torch.ones_like(flat), 0, dropped, 0.0), weight.size())

# 1 for the kept largest magnitudes of each group of neighbours in a row.
def group_mask(self, weight: Tensor, kept: int, group: int) -> Tensor:
    groups = torch.reshape(torch.abs(weight), [-1, group])
    ranks = torch.argsort(torch.argsort(groups, 1, True), 1, False)
    return torch.reshape(torch.lt(ranks, kept).to(weight.dtype), weight.size())

# The mask after a share of its weights, the smallest, were dropped, and the mask after as many
# others grew, those with the largest gradients.
def rewired(self, weight: Tensor, mask: Tensor, gradient: Tensor, share: float) -> List[Tensor]:
    alive = torch.flatten(mask)
    living = int(torch.sum(alive))
    count = min(int(float(living) * share + 0.5), alive.size(0) - living)
    magnitudes = torch.masked_fill(torch.flatten(torch.abs(weight)), torch.eq(alive, 0), 1e30)
    dropped = torch.narrow(torch.argsort(magnitudes, 0, False), 0, 0, count)
    stayed = torch.index_fill(alive, 0, dropped, 0.0)
    wishes = torch.masked_fill(torch.flatten(torch.abs(gradient)), torch.gt(stayed, 0), -1.0)
    grown = torch.narrow(torch.argsort(wishes, 0, True), 0, 0, count)
    after = torch.index_fill(stayed, 0, grown, 1.0)
    return [torch.reshape(stayed, weight.size()), torch.reshape(after, weight.size())]
