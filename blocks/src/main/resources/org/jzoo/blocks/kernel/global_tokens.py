# Shapes: tokens (B, T) booleans, positions (B, G), heads (B, H, T, Dh), features (B, T, D).

# The positions of the tokens in order, (B, G) with G the most in one row, and which of them are
# real, (B, G); none of tokens that mask leaves out.
def find(self, tokens: Tensor, mask: Optional[Tensor]) -> List[Tensor]:
    kept = tokens
    if mask is not None:
        kept = torch.logical_and(tokens, mask)
    most = int(torch.max(torch.sum(kept.to(torch.int64), [1])))
    early = torch.arange(kept.size(1), 0, -1, device=kept.device)
    found = torch.topk(kept.to(torch.int64) * early, most, 1)
    return [found[1], torch.gt(found[0], 0)]

def pick_features(self, x: Tensor, positions: Tensor) -> Tensor:
    index = torch.expand(torch.unsqueeze(positions, -1), [-1, -1, x.size(2)])
    return torch.gather(x, 1, index)

def head_index(self, x: Tensor, positions: Tensor) -> Tensor:
    index = torch.unsqueeze(torch.unsqueeze(positions, 1), -1)
    return torch.expand(index, [-1, x.size(1), -1, x.size(3)])

def pick_heads(self, x: Tensor, positions: Tensor) -> Tensor:
    return torch.gather(x, 2, self.head_index(x, positions))

# The mask of keys (B, T) without those that are real among positions.
def without(self, tokens: Tensor, mask: Optional[Tensor]) -> Tensor:
    others = torch.logical_not(tokens)
    if mask is None:
        return others
    return torch.logical_and(others, mask)

# x with the rows at real positions replaced.
def put_heads(self, x: Tensor, positions: Tensor, real: Tensor, rows: Tensor, tokens: Tensor) -> Tensor:
    others = torch.masked_fill(x, torch.unsqueeze(torch.unsqueeze(tokens, 1), -1), 0)
    padding = torch.logical_not(torch.unsqueeze(torch.unsqueeze(real, 1), -1))
    return torch.scatter_add(others, 2, self.head_index(x, positions), torch.masked_fill(rows.to(x.dtype), padding, 0))

# x with zeros at the positions that mask (B, T) leaves out.
def only(self, x: Tensor, mask: Tensor) -> Tensor:
    return torch.masked_fill(x, torch.logical_not(torch.unsqueeze(torch.unsqueeze(mask, 1), -1)), 0)

def first(self, ids: Tensor) -> Tensor:
    return torch.expand(torch.eq(torch.arange(ids.size(1), device=ids.device), 0), [ids.size(0), -1])
