# Whether x requires a gradient or was computed from what does: 1 or 0.
def recorded(self, x: Tensor) -> Tensor:
    answer = torch.zeros([])
    if x.requires_grad:
        answer = torch.ones([])
    return answer
