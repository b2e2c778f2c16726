# distance: key position minus query position (T, S).

def alibi(self, distance: Tensor, slopes: Tensor) -> Tensor:
    far = torch.neg(torch.abs(distance)).to(torch.float32)
    return torch.unsqueeze(torch.reshape(slopes, [-1, 1, 1]) * far, 0)

def buckets(self, distance: Tensor, count: int, max_distance: int, bidirectional: bool) -> Tensor:
    side = count
    offset = torch.zeros_like(distance)
    far = torch.clamp(torch.neg(distance), 0)
    if bidirectional:
        side = count // 2
        offset = torch.gt(distance, 0).to(torch.int64) * side
        far = torch.abs(distance)
    exact = side // 2
    start = torch.full([], float(exact), dtype=torch.float32, device=distance.device)
    end = torch.full([], float(max_distance), dtype=torch.float32, device=distance.device)
    share = torch.log(torch.clamp(far, 1).to(torch.float32) / start) / torch.log(end / start)
    large = exact + (share * float(side - exact)).to(torch.int64)
    large = torch.clamp(large, None, side - 1)
    return offset + torch.where(torch.lt(far, exact), far, large)

def relative(self, distance: Tensor, table: Tensor, max_distance: int, bidirectional: bool) -> Tensor:
    rows = self.buckets(distance, table.size(0), max_distance, bidirectional)
    shifts = torch.embedding(table.to(torch.float32), rows)
    # Rows of keys side by side in memory, or fused attention on CUDA would not take them.
    return torch.unsqueeze(torch.contiguous(torch.permute(shifts, [2, 0, 1])), 0)
