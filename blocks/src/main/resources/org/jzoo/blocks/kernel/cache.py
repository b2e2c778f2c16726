# A buffer (B, X, P, ...) with room for P positions, filled from the front.

def room(self, like: Tensor, positions: int) -> Tensor:
    shape = like.size()
    shape[2] = positions
    return torch.zeros(shape, dtype=like.dtype, device=like.device)

# Writes x (B, X, T, ...) behind the first `filled` positions; returns the first filled + T as a view.
def append(self, buffer: Tensor, x: Tensor, filled: int) -> Tensor:
    n = x.size(2)
    _0 = torch.copy_(torch.narrow(buffer, 2, filled, n), x)
    return torch.narrow(buffer, 2, 0, filled + n)

# Copies the last `kept` of the first `filled` positions to the front of another buffer.
def move(self, source: Tensor, target: Tensor, filled: int, kept: int) -> Tensor:
    tail = torch.narrow(source, 2, filled - kept, kept)
    _0 = torch.copy_(torch.narrow(target, 2, 0, kept), tail)
    return torch.narrow(target, 2, 0, kept)

def filled(self, buffer: Tensor, count: int) -> Tensor:
    return torch.narrow(buffer, 2, 0, count)
