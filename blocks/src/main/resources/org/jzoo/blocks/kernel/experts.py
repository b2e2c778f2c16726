# ACTIVATION is replaced by a function of activation.py. Letters: N tokens, E experts, k choices of a token,
# F the width of an expert. up and gate (E, F, D), down (E, D, F), biases (E, F) and (E, D).

def slices(self, x: Optional[Tensor], count: int, dtype: int) -> List[Optional[Tensor]]:
    found = annotate(List[Optional[Tensor]], [])
    if x is None:
        for i in range(count):
            found.append(None)
    else:
        for piece in torch.unbind(x.to(dtype)):
            found.append(piece)
    return found

# Rows (sum of counts, D), sorted by expert, through their experts; float32.
def run(self, rows: Tensor, counts: List[int], up: Tensor, up_bias: Optional[Tensor], gate: Optional[Tensor], gate_bias: Optional[Tensor], down: Tensor, down_bias: Optional[Tensor], dropout: float, dtype: int) -> List[Tensor]:
    e = up.size(0)
    parts = torch.split_with_sizes(rows, counts)
    # Cast whole and then cut: the backward pass then puts gradients together in the narrow type.
    ups = torch.unbind(up.to(dtype))
    downs = torch.unbind(down.to(dtype))
    gates = self.slices(gate, e, dtype)
    up_biases = self.slices(up_bias, e, dtype)
    gate_biases = self.slices(gate_bias, e, dtype)
    down_biases = self.slices(down_bias, e, dtype)
    found = annotate(List[Tensor], [])
    for i in range(e):
        h = torch.linear(parts[i], ups[i], up_biases[i])
        g = gates[i]
        if g is None:
            h = self.ACTIVATION(h)
        else:
            h = self.ACTIVATION(torch.linear(parts[i], g, gate_biases[i])) * h
        if dropout > 0.0:
            h = torch.dropout(h, dropout, True)
        found.append(torch.linear(h, downs[i], down_biases[i]).to(torch.float32))
    return found

# weights and experts (k, N); the expert E stands for none. x (B, T, D) -> (B, T, D) in float32.
def apply(self, x: Tensor, weights: Tensor, experts: Tensor, up: Tensor, up_bias: Optional[Tensor], gate: Optional[Tensor], gate_bias: Optional[Tensor], down: Tensor, down_bias: Optional[Tensor], dropout: float, dtype: int) -> Tensor:
    rows = torch.flatten(x, 0, -2).to(dtype)
    n = rows.size(0)
    if n == 0:
        return x.to(torch.float32)
    k = experts.size(0)
    e = up.size(0)
    flat = torch.flatten(experts)
    order = torch.argsort(flat, stable=True, dim=0, descending=False)
    sizes = torch.scatter_add(torch.zeros([e + 1], dtype=torch.int64, device=x.device), 0, flat, torch.ones_like(flat))
    counts = annotate(List[int], sizes.tolist())
    idle = counts.pop()
    sorted = torch.remainder(torch.narrow(order, 0, 0, n * k - idle), n)
    results = self.run(torch.embedding(rows, sorted), counts, up, up_bias, gate, gate_bias, down, down_bias, dropout, dtype)
    place = torch.scatter(torch.empty_like(order), 0, order, torch.arange(n * k, device=x.device))
    if idle > 0:
        results.append(torch.zeros([1, rows.size(1)], device=x.device))
        place = torch.clamp(place, None, n * k - idle)
    # Each token is the weighted sum of its k rows: a bag, which needs no (k, N, D) in between.
    bags = torch.flatten(torch.t(torch.reshape(place, [k, n])))
    y, a, b, c = torch.embedding_bag(torch.cat(results), bags, torch.arange(0, n * k, k, device=x.device), False, 0, False, torch.flatten(torch.t(weights)), False)
    return torch.view(y, x.shape)

# weights and tokens (E, M): each expert computes the M tokens that it chose.
def apply_chosen(self, x: Tensor, weights: Tensor, tokens: Tensor, up: Tensor, up_bias: Optional[Tensor], gate: Optional[Tensor], gate_bias: Optional[Tensor], down: Tensor, down_bias: Optional[Tensor], dropout: float, dtype: int) -> Tensor:
    rows = torch.flatten(x, 0, -2).to(dtype)
    if rows.size(0) == 0:
        return x.to(torch.float32)
    counts = annotate(List[int], [])
    for i in range(tokens.size(0)):
        counts.append(tokens.size(1))
    flat = torch.flatten(tokens)
    results = self.run(torch.embedding(rows, flat), counts, up, up_bias, gate, gate_bias, down, down_bias, dropout, dtype)
    weighted = torch.cat(results) * torch.unsqueeze(torch.flatten(weights), 1)
    y = torch.index_add(torch.zeros([rows.size(0), rows.size(1)], device=x.device), 0, flat, weighted)
    return torch.view(y, x.shape)

# x (E, C, In), each slice through its own map.
def linear(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], dtype: int) -> Tensor:
    y = torch.bmm(x.to(dtype), torch.transpose(weight.to(dtype), 1, 2))
    if bias is None:
        return y
    return y + torch.unsqueeze(bias, 1).to(dtype)

def add_gated(self, y: Tensor, shared: Tensor, gate: Tensor) -> Tensor:
    return y + torch.sigmoid(gate.to(torch.float32)) * shared

def add_at(self, y: Tensor, index: Tensor, rows: Tensor) -> Tensor:
    return torch.index_add(y, 0, index, rows.to(y.dtype))
