# dtype: PyTorch's scalar type number in which the product is computed; the result keeps it.

def linear(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], dtype: int) -> Tensor:
    b = bias
    if b is not None:
        b = b.to(dtype)
    return torch.linear(x.to(dtype), weight.to(dtype), b)

def low_rank(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], a: Tensor, b: Tensor, scale: float, dropout: float, dtype: int) -> Tensor:
    xd = x.to(dtype)
    y = self.linear(xd, weight, bias, dtype)
    dropped = torch.dropout(xd, dropout, dropout > 0.0)
    update = torch.linear(torch.linear(dropped, a.to(dtype)), b.to(dtype))
    return y + update * scale

def merge_low_rank(self, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
    return weight + torch.matmul(b, a) * scale

def cast(self, x: Tensor, dtype: int) -> Tensor:
    return x.to(dtype)

def dropout(self, x: Tensor, p: float) -> Tensor:
    return torch.dropout(x, p, True)

def add(self, x: Tensor, y: Tensor) -> Tensor:
    return x + y.to(x.dtype)

def add_scaled(self, x: Tensor, scale: float, y: Tensor) -> Tensor:
    return x * scale + y.to(x.dtype)

def mix(self, x: Tensor, y: Tensor, share: Tensor) -> Tensor:
    return x + share.to(x.dtype) * (y.to(x.dtype) - x)
