# x (B, H, T, Dh), positions (T) or (B, T), radians per position for each pair of features.
def rotate(self, x: Tensor, positions: Optional[Tensor], radians: List[float], interleaved: bool, scale: float) -> Tensor:
    frequencies = torch.tensor(radians, dtype=torch.float32, device=x.device)
    p = torch.arange(x.size(2), dtype=torch.float32, device=x.device)
    if positions is not None:
        p = positions.to(torch.float32)
    angle = torch.unsqueeze(p, -1) * frequencies
    if angle.dim() == 3:
        angle = torch.unsqueeze(angle, 1)
    cos = torch.cos(angle) * scale
    sin = torch.sin(angle) * scale
    xf = x.to(torch.float32)
    n = frequencies.size(0) * 2
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

# positions (T, 2) or (B, T, 2): the first half of what turns goes by the row, the second by the column.
def rotate_grid(self, x: Tensor, positions: Tensor, radians: List[float], interleaved: bool) -> Tensor:
    n = len(radians) * 2
    by_row = self.rotate(torch.narrow(x, -1, 0, n), torch.select(positions, -1, 0), radians, interleaved, 1.0)
    by_column = self.rotate(torch.narrow(x, -1, n, n), torch.select(positions, -1, 1), radians, interleaved, 1.0)
    return torch.cat([by_row, by_column, torch.narrow(x, -1, 2 * n, x.size(-1) - 2 * n)], -1)
