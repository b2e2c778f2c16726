# Weights in 8 bits with a scale for each output, activations in 8 bits with a range for each call: the
# operator of PyTorch that rounds and multiplies in one, for builds without the one in encoder_int8.py.

def start(self, x: Tensor) -> Tensor:
    return x

def pack_matrix(self, w: Tensor, bias: Tensor) -> MATRIX:
    largest = torch.amax(torch.abs(w), [1])
    scales = torch.clamp(torch.div(largest.to(torch.float64), 127.0), 1e-12)
    zeros = torch.zeros([w.size(0)], dtype=torch.int64)
    return ops.quantized.linear_prepack(torch.quantize_per_channel(torch.contiguous(w), scales, zeros, 0, 12), bias)

def pack(self, weights: List[Tensor]) -> PACKED:
    vectors = annotate(List[Tensor], [])
    matrices = annotate(List[MATRIX], [])
    for i in range(len(weights)):
        w = weights[i]
        if w.dim() == 2:
            matrices.append(self.pack_matrix(w, weights[i + 1]))
            vectors.append(torch.zeros([1]))
        else:
            vectors.append(torch.clone(w))
    return (vectors, matrices)

def project(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return ops.quantized.linear_dynamic(x, w, False)

def project_add(self, x: Tensor, residual: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return torch.add_(self.project(x, w, shape, b), residual)

def project_gelu(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    return torch.gelu_(self.project(x, w, shape, b))
