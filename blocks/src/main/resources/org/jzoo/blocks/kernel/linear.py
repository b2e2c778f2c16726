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

# PyTorch's own on CPU draws one number an element, on one thread: here 64 random bits decide on four
# elements, with a share rounded to 16 bits.
def dropout(self, x: Tensor, p: float) -> Tensor:
    cut = int(p * 65536.0 + 0.5)
    if x.is_cuda or cut == 0 or cut == 65536:
        return torch.dropout(x, p, True)
    words = torch.randint(-9223372036854775807, 9223372036854775807, [(x.numel() + 3) // 4], dtype=torch.int64)
    draws = torch.narrow(torch.view_copy(words, torch.int16), 0, 0, x.numel())
    least = cut - 32768
    kept = torch.clamp(draws, least - 1, least) - (least - 1)
    noise = kept.to(x.dtype) * (1.0 / (1.0 - p))
    return x * torch.view(noise, x.shape)

def add(self, x: Tensor, y: Tensor) -> Tensor:
    return x + y.to(x.dtype)

def add_scaled(self, x: Tensor, scale: float, y: Tensor) -> Tensor:
    return x * scale + y.to(x.dtype)

def mix(self, x: Tensor, y: Tensor, share: Tensor) -> Tensor:
    return x + share.to(x.dtype) * (y.to(x.dtype) - x)
