# Float32 with the weight packed by MKL, whose operator reads only the shape of the plain one.

def pack(self, w: Tensor, b: Optional[Tensor]) -> PACKED:
    return (ops.mkl._mkl_reorder_linear_weight(torch.contiguous(w), 256), torch.expand(torch.zeros([1, 1]), w.shape), b)

def linear(self, x: Tensor, packed: PACKED) -> Tensor:
    w, shape, b = packed
    rows = torch.reshape(x, [-1, x.size(-1)]).to(torch.float32)
    return ops.mkl._mkl_linear(rows, w, shape, b, rows.size(0))
