# Bfloat16 with the weight packed by oneDNN, accumulated in float32.

def pack(self, w: Tensor, b: Optional[Tensor]) -> PACKED:
    bias = b
    if bias is not None:
        bias = bias.to(torch.bfloat16)
    return (ops.mkldnn._reorder_linear_weight(torch.contiguous(w.to(torch.bfloat16)), 32), torch.zeros([1]), bias)

def linear(self, x: Tensor, packed: PACKED) -> Tensor:
    w, shape, b = packed
    rows = torch.reshape(x, [-1, x.size(-1)]).to(torch.bfloat16)
    none = annotate(List[Optional[number]], [])
    return ops.mkldnn._linear_pointwise(rows, w, b, "none", none, "").to(torch.float32)
