# Float32 with weights as they are, for processors whose library has no packing.

def start(self, x: Tensor) -> Tensor:
    return x

def pack(self, weights: List[Tensor]) -> PACKED:
    vectors = annotate(List[Tensor], [])
    matrices = annotate(List[Tensor], [])
    for w in weights:
        c = torch.clone(w)
        if w.dim() == 2:
            matrices.append(c)
        vectors.append(c)
    return (vectors, matrices)

def project(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return torch.linear(x, w, b)

def project_add(self, x: Tensor, residual: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return torch.add_(self.project(x, w, shape, b), residual)

def project_gelu(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return torch.gelu_(self.project(x, w, shape, b))
