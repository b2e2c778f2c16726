# Whether x requires a gradient or was computed from what does: 1 or 0.
def recorded(self, x: Tensor) -> Tensor:
    answer = torch.zeros([])
    if x.requires_grad:
        answer = torch.ones([])
    return answer

# How often the tensors were written to, in total.
def writes(self, xs: List[Tensor]) -> Tensor:
    count = 0
    for x in xs:
        count = count + ops.aten._version(x)
    return torch.tensor(count)
