# Float32 with weights packed by MKL. The number of rows that MKL is told when packing is a hint: with
# 256, products of 16 to 2,048 rows took about the least time; 16 costs a tenth at 128 rows, 512 a
# third at 16.

def start(self, x: Tensor) -> Tensor:
    return x

# MKL's operator reads only the shape of the plain weight, so that a view of one number will do.
def shape_only(self, w: Tensor) -> Tensor:
    return torch.expand(torch.zeros([1, 1]), w.shape)

def agrees(self, w: Tensor, rows: int) -> bool:
    x = torch.view(torch.sin(torch.arange(rows * w.size(1), dtype=torch.float32)), [rows, w.size(1)])
    b = torch.zeros([w.size(0)])
    y = ops.mkl._mkl_linear(x, ops.mkl._mkl_reorder_linear_weight(w, 256), self.shape_only(w), b, rows)
    return torch.allclose(y, torch.linear(x, w, b), 1e-3, 1e-4)

def pack(self, weights: List[Tensor]) -> PACKED:
    if not (self.agrees(weights[0], 1) and self.agrees(weights[0], 131)):
        raise AssertionError("packed and plain weights disagree")
    vectors = annotate(List[Tensor], [])
    matrices = annotate(List[Tensor], [])
    for w in weights:
        if w.dim() == 2:
            matrices.append(ops.mkl._mkl_reorder_linear_weight(torch.contiguous(w), 256))
            vectors.append(self.shape_only(w))
        else:
            vectors.append(torch.clone(w))
    return (vectors, matrices)

def project(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return ops.mkl._mkl_linear(x, w, shape, b, x.size(0))

def project_add(self, x: Tensor, residual: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return torch.add_(self.project(x, w, shape, b), residual)

def project_gelu(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return torch.gelu_(self.project(x, w, shape, b))
