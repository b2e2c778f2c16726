# Weights in 8 bits with a scale for each output, activations in 8 bits with a range for each call.
# oneDNN multiplies in whole numbers and adds bias, GELU and residual on the way out in float32. The
# place for shapes holds a matrix' scales.

def start(self, x: Tensor) -> Tensor:
    return x

def scales_of(self, w: Tensor) -> Tensor:
    return torch.clamp(torch.div(torch.amax(torch.abs(w), [1]), 127.0), 1e-12)

def pack_matrix(self, w: Tensor, scales: Tensor) -> Tensor:
    codes = torch.clamp(torch.round(torch.div(w, torch.unsqueeze(scales, 1))), -127, 127)
    return ops.onednn.qlinear_prepack(torch.contiguous(codes.to(torch.int8)), None)

# Processors without the instructions for it add pairs of products in 16 bits, which these overflow.
def agrees(self) -> bool:
    w = torch.ones([16, 64])
    scales = self.scales_of(w)
    y = self.project(torch.ones([4, 64]), self.pack_matrix(w, scales), scales, torch.ones([16]))
    return torch.allclose(y, torch.full([4, 16], 65.0), 1e-3, 1e-3)

def pack(self, weights: List[Tensor]) -> PACKED:
    if not self.agrees():
        raise AssertionError("products in 8 bits overflow")
    vectors = annotate(List[Tensor], [])
    matrices = annotate(List[Tensor], [])
    for w in weights:
        if w.dim() == 2:
            scales = self.scales_of(w)
            matrices.append(self.pack_matrix(w, scales))
            vectors.append(scales)
        else:
            vectors.append(torch.clone(w))
    return (vectors, matrices)

def project(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    none = annotate(List[Optional[number]], [])
    q = torch.quantize_per_tensor_dynamic(x, 13, False)
    zeros = torch.zeros_like(shape, dtype=torch.int32)
    return ops.onednn.qlinear_pointwise(torch.int_repr(q), torch.q_scale(q), torch.q_zero_point(q), w, shape, zeros, b, 1.0, 0, torch.float32, "none", none, "")

def project_add(self, x: Tensor, residual: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    none = annotate(List[Optional[number]], [])
    q = torch.quantize_per_tensor_dynamic(x, 13, False)
    zeros = torch.zeros_like(shape, dtype=torch.int32)
    return ops.onednn.qlinear_pointwise(torch.int_repr(q), torch.q_scale(q), torch.q_zero_point(q), w, shape, zeros, residual, b, 1.0, 0, torch.float32, 1.0, 0, "add", 1.0, "none", none, "")

def project_gelu(self, x: Tensor, w: MATRIX, shape: Tensor, b: Tensor) -> Tensor:
    none = annotate(List[Optional[number]], [])
    q = torch.quantize_per_tensor_dynamic(x, 13, False)
    zeros = torch.zeros_like(shape, dtype=torch.int32)
    return ops.onednn.qlinear_pointwise(torch.int_repr(q), torch.q_scale(q), torch.q_zero_point(q), w, shape, zeros, b, 1.0, 0, torch.float32, "gelu", none, "none")
