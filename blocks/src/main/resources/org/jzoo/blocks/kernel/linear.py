# dtype: PyTorch's scalar type number in which the product is computed; the result keeps it.

def linear(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], dtype: int) -> Tensor:
    b = bias
    if b is not None:
        b = b.to(dtype)
    return torch.linear(x.to(dtype), weight.to(dtype), b)

def low_rank(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], a: Tensor, b: Tensor, scale: float, dropout: float, dtype: int) -> Tensor:
    xd = x.to(dtype)
    return self.add_low_rank(self.linear(xd, weight, bias, dtype), xd, a, b, scale, dropout)

def add_low_rank(self, y: Tensor, x: Tensor, a: Tensor, b: Tensor, scale: float, dropout: float) -> Tensor:
    dropped = x.to(y.dtype)
    if dropout > 0.0:
        dropped = self.dropout(dropped, dropout)
    low = torch.linear(dropped, a.to(y.dtype)) * scale
    return y + torch.linear(low, b.to(y.dtype))

def merge_low_rank(self, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
    return weight + torch.matmul(b, a) * scale

def cast(self, x: Tensor, dtype: int) -> Tensor:
    return x.to(dtype)

def add(self, x: Tensor, y: Tensor) -> Tensor:
    return x + y.to(x.dtype)

def add_scaled(self, x: Tensor, scale: float, y: Tensor) -> Tensor:
    return x * scale + y.to(x.dtype)

def mix(self, x: Tensor, y: Tensor, share: Tensor) -> Tensor:
    return x + share.to(x.dtype) * (y.to(x.dtype) - x)
