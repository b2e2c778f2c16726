# Weights stay in 4 bits and are widened as they are multiplied, with bfloat16 activations. Codes
# (Out, In); scale and zero (groups). The operator computes (code - 8) scale + offset.

def pack(self, codes: Tensor, scale: Tensor, zero: Optional[Tensor], b: Optional[Tensor]) -> PACKED:
    s = torch.t(torch.reshape(scale, [codes.size(0), -1]))
    offset = torch.zeros_like(s)
    if zero is not None:
        z = torch.t(torch.reshape(zero.to(torch.float32), [codes.size(0), -1]))
        offset = torch.mul(torch.rsub(z, 8.0), s)
    both = torch.contiguous(torch.stack([s, offset], 2).to(torch.bfloat16))
    return (torch._convert_weight_to_int4pack_for_cpu(codes.to(torch.int32), 1), both, b)

def linear(self, x: Tensor, packed: PACKED) -> Tensor:
    w, scales, b = packed
    rows = torch.reshape(x, [-1, x.size(-1)]).to(torch.bfloat16)
    y = torch._weight_int4pack_mm_for_cpu(rows, w, rows.size(1) // scales.size(0), scales).to(torch.float32)
    if b is not None:
        y = torch.add_(y, b)
    return y
