# 16 random bits for each of n elements, as int16. PyTorch's generator draws on one thread, so that it
# gives two seeds here; from them and an element's place a hash makes the bits, on all threads.
def random_bits(self, n: int) -> Tensor:
    seeds = torch.randint(-2147483648, 2147483647, [2], dtype=torch.int32)
    places = torch.arange(0, (n + 1) // 2, dtype=torch.int32)
    h = torch.add(seeds[0], places, alpha=-1640531535)
    h = torch.bitwise_xor_(h, torch.bitwise_right_shift(h, 16))
    h = torch.add(seeds[1], h, alpha=2146121005)
    h = torch.bitwise_xor_(h, torch.bitwise_right_shift(h, 15))
    h = torch.mul_(h, -2073254261)
    h = torch.bitwise_xor_(h, torch.bitwise_and_(torch.bitwise_right_shift(h, 16), 65535))
    return torch.narrow(torch.view_copy(h, torch.int16), 0, 0, n)

# PyTorch's own on CPU draws one number an element. The share is rounded to 16 bits here.
def dropout(self, x: Tensor, p: float) -> Tensor:
    cut = int(p * 65536.0 + 0.5)
    if x.is_cuda or cut == 0 or cut == 65536:
        return torch.dropout(x, p, True)
    least = cut - 32768
    kept = torch.sub_(torch.clamp_(self.random_bits(x.numel()), least - 1, least), least - 1)
    noise = torch.mul_(kept.to(x.dtype), 1.0 / (1.0 - p))
    return x * torch.view(noise, x.shape)
