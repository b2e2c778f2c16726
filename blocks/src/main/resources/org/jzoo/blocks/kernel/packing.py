# What codes of few bits stand for: (code - zero) * scale, for groups of `size` neighbours in row-major
# order.

def decode(self, codes: Tensor, scale: Tensor, zero: Tensor, size: int) -> Tensor:
    x = torch.reshape(codes, [-1, size]).to(torch.float32)
    s = torch.reshape(scale, [-1, 1])
    z = torch.reshape(zero, [-1, 1])
    return torch.reshape((x - z) * s, codes.shape)

# Codes of n columns lie in a row's bytes one after the other, lowest bits first: (Out, ceil(n bits / 8)).
def unpack(self, packed: Tensor, n: int, bits: int) -> Tensor:
    if bits == 8:
        return packed
    if bits == 4:
        # In 16 bits a byte's codes are 00hl: with 0hl0 over it, and a mask, they are 0h0l, a byte each.
        wide = packed.to(torch.int16)
        pairs = torch.bitwise_and_(torch.bitwise_or_(torch.mul(wide, 16), wide), 3855)
        return torch.narrow(torch.view_copy(pairs, torch.uint8), 1, 0, n)
    place = torch.arange(n, dtype=torch.int64, device=packed.device) * bits
    first = place // 8
    shift = place - first * 8
    words = packed.to(torch.int64)
    low = torch.index_select(words, 1, first)
    high = torch.index_select(words, 1, torch.clamp(first + 1, None, packed.size(1) - 1))
    joined = torch.bitwise_right_shift(low + high * 256, shift)
    return torch.remainder(joined, torch.bitwise_left_shift(torch.ones_like(shift), bits)).to(torch.uint8)

# Without zeros the middle code is zero; for codes of less than 8 bits it is taken away in bytes.
def widen(self, codes: Tensor, scale: Tensor, zero: Optional[Tensor], size: int, bits: int) -> Tensor:
    if zero is not None:
        return self.decode(codes, scale, zero.to(torch.float32), size)
    half = 1
    for i in range(bits - 1):
        half = half * 2
    if bits < 8:
        x = torch.sub(codes.to(torch.int8), half).to(torch.float32)
    else:
        x = torch.sub(codes.to(torch.float32), half)
    return torch.reshape(torch.mul_(torch.reshape(x, [-1, size]), torch.reshape(scale, [-1, 1])), codes.shape)

# The rows at ids (B, T) of a table of n columns whose scales and zeros lie row by row: (B, T, n).
def uniform_rows(self, ids: Tensor, packed: Tensor, scale: Tensor, zero: Optional[Tensor], n: int, bits: int) -> Tensor:
    flat = torch.reshape(ids, [-1])
    rows = packed.size(0)
    codes = self.unpack(torch.index_select(packed, 0, flat), n, bits)
    s = torch.index_select(torch.reshape(scale, [rows, -1]), 0, flat)
    z = zero
    if z is not None:
        z = torch.reshape(torch.index_select(torch.reshape(z, [rows, -1]), 0, flat), [-1])
    x = self.widen(codes, torch.reshape(s, [-1]), z, n // s.size(1), bits)
    return torch.reshape(x, [ids.size(0), ids.size(1), n])
