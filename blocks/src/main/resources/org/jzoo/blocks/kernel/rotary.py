# The cosines and sines (T, R) or (B, 1, T, R) of positions (T) or (B, T), or of 0 ... length - 1 where x is, times
# scale; radians (R) per position.
def table(self, x: Tensor, positions: Optional[Tensor], length: int, radians: Tensor, scale: float) -> List[Tensor]:
    p = torch.arange(length, dtype=torch.float32, device=x.device)
    if positions is not None:
        p = positions.to(torch.float32)
    angle = torch.unsqueeze(p, -1) * radians
    if angle.dim() == 3:
        angle = torch.unsqueeze(angle, 1)
    if scale == 1.0:
        return [torch.cos(angle), torch.sin(angle)]
    return [torch.cos(angle) * scale, torch.sin(angle) * scale]

# x (B, H, T, Dh), cosines and sines of table.
def turn(self, x: Tensor, cos: Tensor, sin: Tensor, interleaved: bool) -> Tensor:
    n = cos.size(-1) * 2
    xf = x.to(torch.float32)
    turned = torch.narrow(xf, -1, 0, n)
    if interleaved:
        pairs = torch.unflatten(turned, -1, [n // 2, 2])
        a = torch.select(pairs, -1, 0)
        b = torch.select(pairs, -1, 1)
        y = torch.flatten(torch.stack([a * cos - b * sin, b * cos + a * sin], -1), -2)
    else:
        a = torch.narrow(turned, -1, 0, n // 2)
        b = torch.narrow(turned, -1, n // 2, n // 2)
        y = torch.cat([a * cos - b * sin, b * cos + a * sin], -1)
    if x.size(-1) > n:
        y = torch.cat([y, torch.narrow(xf, -1, n, x.size(-1) - n)], -1)
    return y.to(x.dtype)

# The table (T, R) as wide as heads: the factors (T, Dh) of features, and those of their partners.
def wide_table(self, cos: Tensor, sin: Tensor, features: int, interleaved: bool) -> List[Tensor]:
    r = cos.size(1)
    own = torch.cat([cos, cos], 1)
    other = torch.cat([torch.neg(sin), sin], 1)
    if interleaved:
        own = torch.flatten(torch.stack([cos, cos], 2), 1, 2)
        other = torch.flatten(torch.stack([torch.neg(sin), sin], 2), 1, 2)
    rest = features - 2 * r
    return [torch.constant_pad_nd(own, [0, rest], 1.0), torch.constant_pad_nd(other, [0, rest], 0.0)]

# x (B, H, T, Dh), factors of wide_table, r pairs of features.
def turn_wide(self, x: Tensor, own: Tensor, other: Tensor, r: int, interleaved: bool) -> Tensor:
    xf = x.to(torch.float32)
    rest = x.size(3) - 2 * r
    if interleaved:
        parts = torch.split_with_sizes(xf, [2 * r, rest], 3)
        swapped = torch.flatten(torch.flip(torch.unflatten(parts[0], 3, [r, 2]), [4]), 3, 4)
        partners = torch.cat([swapped, parts[1]], 3)
    else:
        parts = torch.split_with_sizes(xf, [r, r, rest], 3)
        partners = torch.cat([parts[1], parts[0], parts[2]], 3)
    return torch.addcmul(xf * own, partners, other).to(x.dtype)

# x (B, H, T, Dh), positions (T) or (B, T), radians (R) per position for each pair of features.
def rotate(self, x: Tensor, positions: Optional[Tensor], radians: Tensor, interleaved: bool, scale: float) -> Tensor:
    turns = self.table(x, positions, x.size(2), radians, scale)
    return self.turn(x, turns[0], turns[1], interleaved)

# q (B, H, T, Dh) and k (B, K, T, Dh) by the same positions.
def rotate_both(self, q: Tensor, k: Tensor, positions: Optional[Tensor], radians: Tensor, interleaved: bool, scale: float) -> List[Tensor]:
    turns = self.table(q, positions, q.size(2), radians, scale)
    return [self.turn(q, turns[0], turns[1], interleaved), self.turn(k, turns[0], turns[1], interleaved)]

# positions (T, 2) or (B, T, 2): the first half of what turns goes by the row, the second by the column.
def rotate_grid(self, x: Tensor, positions: Tensor, radians: Tensor, interleaved: bool) -> Tensor:
    n = radians.size(0) * 2
    by_row = self.rotate(torch.narrow(x, -1, 0, n), torch.select(positions, -1, 0), radians, interleaved, 1.0)
    by_column = self.rotate(torch.narrow(x, -1, n, n), torch.select(positions, -1, 1), radians, interleaved, 1.0)
    return torch.cat([by_row, by_column, torch.narrow(x, -1, 2 * n, x.size(-1) - 2 * n)], -1)
