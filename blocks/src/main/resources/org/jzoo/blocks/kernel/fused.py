# Shapes: q (B, H, T, Dh), k and v (B, H, S, Dh); m says which pairs are seen, or shifts their scores.

# In half precision PyTorch's fused attention may take cuDNN's kernels on CUDA. Their gradients are not numbers
# where keys fill half of their last tile of 128 and all scores of a query are far below 0, as masks make them
# for queries that see nothing (PyTorch 2.11, issue 196678).
def shuns_cudnn(self, q: Tensor, k: Tensor, v: Tensor) -> bool:
    learns = q.requires_grad or k.requires_grad or v.requires_grad
    half = q.dtype == torch.bfloat16 or q.dtype == torch.float16
    return q.is_cuda and half and learns and q.size(3) % 8 == 0 and v.size(3) % 8 == 0

# CUDA's memory-efficient kernel. It wants rows of shifts at multiples of 16 bytes.
def efficient(self, q: Tensor, k: Tensor, v: Tensor, shift: Optional[Tensor], dropout: float, scale: Optional[float]) -> Tensor:
    everywhere = shift
    if shift is not None:
        s = k.size(2)
        rows = shift
        if s % 8 == 0:
            rows = torch.contiguous(rows)
        else:
            rows = torch.narrow(torch.constant_pad_nd(rows, [0, 8 - s % 8], 0.0), -1, 0, s)
        everywhere = torch.expand(rows, [q.size(0), q.size(1), q.size(2), s])
    y = torch._scaled_dot_product_efficient_attention(q, k, v, everywhere, True, dropout, False, scale=scale)
    return y[0]

# The shift of scores by m, with a finite floor in place of minus infinity.
def floored(self, q: Tensor, m: Tensor) -> Tensor:
    if m.dtype == torch.bool:
        return torch.masked_fill(torch.zeros(m.size(), dtype=q.dtype, device=m.device), torch.logical_not(m), -1e9)
    return torch.clamp(m.to(q.dtype), -1e9)

# Attention whose scores are shifted by finite numbers in q's type.
def shifted_product(self, q: Tensor, k: Tensor, v: Tensor, shift: Tensor, dropout: float) -> Tensor:
    if self.shuns_cudnn(q, k, v):
        return self.efficient(q, k, v, shift, dropout, None)
    return torch.scaled_dot_product_attention(q, k, v, shift, dropout, False)

# Attention with any mask. A query that sees no key gets zeros, and so do its gradients.
def dot_product(self, q: Tensor, k: Tensor, v: Tensor, m: Optional[Tensor], dropout: float, causal: bool, scale: Optional[float]) -> Tensor:
    if not causal and self.shuns_cudnn(q, k, v):
        if m is not None:
            shift = self.floored(q, m)
            blind = torch.lt(torch.amax(shift, [-1], True), -5e8)
            return torch.masked_fill(self.efficient(q, k, v, shift, dropout, scale), blind, 0.0)
        if q.size(2) == 1 or k.size(2) % 128 == 64:
            return self.efficient(q, k, v, None, dropout, scale)
    return torch.scaled_dot_product_attention(q, k, v, m, dropout, causal, scale=scale)
