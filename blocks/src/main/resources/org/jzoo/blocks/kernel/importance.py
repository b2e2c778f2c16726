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
