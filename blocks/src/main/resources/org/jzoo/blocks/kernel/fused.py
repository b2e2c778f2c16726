# Shapes: q (B, H, T, Dh), k and v (B, H, S, Dh); m says which pairs are seen, or shifts their scores.

# The shift of scores by m, with a finite floor in place of minus infinity.
def floored(self, q: Tensor, m: Tensor) -> Tensor:
    if m.dtype == torch.bool:
        return torch.masked_fill(torch.zeros(m.size(), dtype=q.dtype, device=m.device), torch.logical_not(m), -1e9)
    return torch.clamp(m.to(q.dtype), -1e9)

# CUDA's memory-efficient kernel. It wants rows of masks at multiples of 16 bytes. A query that sees no key
# gets zeros, and so do its gradients.
def efficient(self, q: Tensor, k: Tensor, v: Tensor, m: Optional[Tensor], dropout: float, scale: Optional[float]) -> Tensor:
    if m is None:
        plain = torch._scaled_dot_product_efficient_attention(q, k, v, None, True, dropout, False, scale=scale)
        return plain[0]
    shift = self.floored(q, m)
    s = k.size(2)
    if s % 8 == 0:
        shift = torch.contiguous(shift)
    else:
        shift = torch.narrow(torch.constant_pad_nd(shift, [0, 8 - s % 8], 0.0), -1, 0, s)
    everywhere = torch.expand(shift, [q.size(0), q.size(1), q.size(2), s])
    y = torch._scaled_dot_product_efficient_attention(q, k, v, everywhere, True, dropout, False, scale=scale)
    blind = torch.lt(torch.amax(shift, [-1], True), -5e8)
    return torch.masked_fill(y[0], blind, 0.0)

# PyTorch's fused attention. In half precision it may take cuDNN's kernels on CUDA, whose gradients are not
# numbers for some lengths with a mask, and for single queries (PyTorch 2.11, issue 196678): not there.
def dot_product(self, q: Tensor, k: Tensor, v: Tensor, m: Optional[Tensor], dropout: float, causal: bool, scale: Optional[float]) -> Tensor:
    learns = q.requires_grad or k.requires_grad or v.requires_grad
    half = q.dtype == torch.bfloat16 or q.dtype == torch.float16
    masked = m is not None or q.size(2) == 1
    if q.is_cuda and half and learns and masked and not causal and q.size(3) % 8 == 0 and v.size(3) % 8 == 0:
        return self.efficient(q, k, v, m, dropout, scale)
    return torch.scaled_dot_product_attention(q, k, v, m, dropout, causal, scale=scale)
