# Weights (Out, In) fall into groups of `size` neighbours in row-major order: In for one scale a row,
# Out * In for one scale in all. Codes are 0 .. high and stand for (code - zero) * scale.

def ranges(self, w: Tensor, size: int, high: int, symmetric: bool) -> List[Tensor]:
    x = torch.reshape(torch.detach(w), [-1, size])
    if symmetric:
        half = (high + 1) // 2
        largest = torch.amax(torch.abs(x), [1])
        scale = torch.clamp(largest / float(half - 1), 1e-10)
        return [scale, torch.full_like(scale, half)]
    below = torch.clamp(torch.amin(x, [1]), None, 0.0)
    above = torch.clamp(torch.amax(x, [1]), 0.0)
    scale = torch.clamp((above - below) / float(high), 1e-10)
    return [scale, torch.clamp(torch.round(torch.neg(below) / scale), 0, high)]

def fake(self, w: Tensor, scale: Tensor, zero: Tensor, size: int, high: int) -> Tensor:
    x = torch.reshape(w, [-1, size])
    s = torch.reshape(scale, [-1])
    z = torch.reshape(zero, [-1]).to(torch.int32)
    return torch.reshape(torch.fake_quantize_per_channel_affine(x, s, z, 0, 0, high), w.shape)

def positive(self, scale: Tensor) -> Tensor:
    return torch.clamp(scale, 1e-10)

# The scale's gradient is d(round(v) s)/ds with the straight-through rounding, times factor.
def learned(self, w: Tensor, scale: Tensor, size: int, high: int, factor: float) -> Tensor:
    half = (high + 1) // 2
    x = torch.reshape(w, [-1, size])
    raw = torch.reshape(scale, [-1, 1])
    # A scale that a step took below zero still learns.
    s = torch.detach(self.positive(raw)) + (raw - torch.detach(raw)) * factor
    v = torch.clamp(x / s, -half, half - 1)
    rounded = torch.detach(torch.round(v)) + (v - torch.detach(v))
    return torch.reshape(rounded * s, w.shape)

def product(self, x: Tensor, w: Tensor, bias: Optional[Tensor], dtype: int) -> Tensor:
    b = bias
    if b is not None:
        b = b.to(dtype)
    return torch.linear(x.to(dtype), w.to(dtype), b)

def fake_linear(self, x: Tensor, w: Tensor, bias: Optional[Tensor], size: int, high: int, symmetric: bool, dtype: int) -> Tensor:
    r = self.ranges(w, size, high, symmetric)
    return self.product(x, self.fake(w, r[0], r[1], size, high), bias, dtype)

def learned_linear(self, x: Tensor, w: Tensor, bias: Optional[Tensor], scale: Tensor, size: int, high: int, factor: float, dtype: int) -> Tensor:
    return self.product(x, self.learned(w, scale, size, high, factor), bias, dtype)

def encode(self, w: Tensor, scale: Tensor, zero: Tensor, size: int, high: int) -> Tensor:
    x = torch.reshape(w, [-1, size])
    s = torch.reshape(scale, [-1, 1])
    z = torch.reshape(zero, [-1, 1])
    codes = torch.clamp(torch.round(x * (1.0 / s)) + z, 0, high)
    return torch.reshape(codes.to(torch.uint8), w.shape)

def uniform_weight(self, packed: Tensor, scale: Tensor, zero: Optional[Tensor], column: Optional[Tensor], n: int, bits: int, size: int) -> Tensor:
    w = self.widen(self.unpack(packed, n, bits), scale, zero, size, bits)
    if column is not None:
        w = w * column
    return w

def uniform_linear(self, x: Tensor, packed: Tensor, scale: Tensor, zero: Optional[Tensor], column: Optional[Tensor], bias: Optional[Tensor], n: int, bits: int, size: int, dtype: int) -> Tensor:
    return self.product(x, self.uniform_weight(packed, scale, zero, column, n, bits, size), bias, dtype)

# table (Out, 2^bits); places of outliers (N) count through the flattened weight.
def codebook_weight(self, packed: Tensor, table: Tensor, places: Tensor, outliers: Tensor, n: int, bits: int) -> Tensor:
    codes = self.unpack(packed, n, bits).to(torch.int64)
    w = torch.gather(table, 1, codes)
    flat = torch.index_copy(torch.reshape(w, [-1]), 0, places.to(torch.int64), outliers)
    return torch.reshape(flat, w.shape)

def codebook_linear(self, x: Tensor, packed: Tensor, table: Tensor, places: Tensor, outliers: Tensor, bias: Optional[Tensor], n: int, bits: int, dtype: int) -> Tensor:
    return self.product(x, self.codebook_weight(packed, table, places, outliers, n, bits), bias, dtype)

# table (2^bits, length): each code stands for neighbours in a row.
def product_weight(self, packed: Tensor, table: Tensor, n: int, bits: int) -> Tensor:
    codes = self.unpack(packed, n // table.size(1), bits).to(torch.int64)
    return torch.reshape(torch.index_select(table, 0, torch.reshape(codes, [-1])), [packed.size(0), n])

def product_linear(self, x: Tensor, packed: Tensor, table: Tensor, bias: Optional[Tensor], n: int, bits: int, dtype: int) -> Tensor:
    return self.product(x, self.product_weight(packed, table, n, bits), bias, dtype)
