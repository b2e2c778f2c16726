# Bfloat16 with weights packed by oneDNN; GELU and the residual run inside the matrix kernel, which
# accumulates in float32.

def start(self, x: Tensor) -> Tensor:
    return x.to(torch.bfloat16)

def pack(self, weights: List[Tensor]) -> PACKED:
    vectors = annotate(List[Tensor], [])
    matrices = annotate(List[Tensor], [])
    for w in weights:
        if w.dim() == 2:
            matrices.append(ops.mkldnn._reorder_linear_weight(torch.contiguous(w.to(torch.bfloat16)), 128))
            vectors.append(torch.zeros([1]))
        else:
            vectors.append(w.to(torch.bfloat16))
    return (vectors, matrices)

def project(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    none = annotate(List[Optional[number]], [])
    return ops.mkldnn._linear_pointwise(x, w, b, "none", none, "")

def project_add(self, x: Tensor, residual: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, residual, w, b, "add")

def project_gelu(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    none = annotate(List[Optional[number]], [])
    return ops.mkldnn._linear_pointwise(x, w, b, "gelu", none, "none")
