# ACTIVATION is replaced by a function of activation.py. Letters: N tokens, E experts, k choices of a token,
# F the width of an expert. up and gate (E, F, D), down (E, D, F), biases (E, F) and (E, D).

def slices(self, x: Optional[Tensor], count: int, cast: bool, dtype: int) -> List[Optional[Tensor]]:
    found = annotate(List[Optional[Tensor]], [])
    if x is None:
        for i in range(count):
            found.append(None)
    else:
        y = x
        if cast:
            y = x.to(dtype)
        for piece in torch.unbind(y):
            found.append(piece)
    return found

# Rows (sum of counts, D), sorted by expert, through their experts; float32.
def run(self, rows: Tensor, counts: List[int], up: Tensor, up_bias: Optional[Tensor], gate: Optional[Tensor], gate_bias: Optional[Tensor], down: Tensor, down_bias: Optional[Tensor], dropout: float, dtype: int) -> List[Tensor]:
    e = up.size(0)
    parts = torch.split_with_sizes(rows, counts)
    # Where all experts work, their maps are cast whole and then cut, so that the backward pass puts
    # gradients together in the narrow type; few tokens cast and run only the experts that they need.
    all_work = min(counts) > 0
    ups = torch.unbind(up)
    downs = torch.unbind(down)
    if all_work:
        ups = torch.unbind(up.to(dtype))
        downs = torch.unbind(down.to(dtype))
    gates = self.slices(gate, e, all_work, dtype)
    up_biases = self.slices(up_bias, e, True, dtype)
    gate_biases = self.slices(gate_bias, e, True, dtype)
    down_biases = self.slices(down_bias, e, True, dtype)
    found = annotate(List[Tensor], [])
    for i in range(e):
        if counts[i] > 0:
            h = torch.linear(parts[i], ups[i].to(dtype), up_biases[i])
            g = gates[i]
            if g is None:
                h = self.ACTIVATION(h)
            else:
                h = self.ACTIVATION(torch.linear(parts[i], g.to(dtype), gate_biases[i])) * h
            if dropout > 0.0:
                h = self.dropout(h, dropout)
            found.append(torch.linear(h, downs[i].to(dtype), down_biases[i]).to(torch.float32))
    return found

# As run, for E runs of C rows each in one (E, C, D): three batched products instead of a loop.
def run_padded(self, rows: Tensor, up: Tensor, up_bias: Optional[Tensor], gate: Optional[Tensor], gate_bias: Optional[Tensor], down: Tensor, down_bias: Optional[Tensor], dropout: float, dtype: int) -> Tensor:
    h = self.linear(rows, up, up_bias, dtype)
    if gate is None:
        h = self.ACTIVATION(h)
    else:
        h = self.ACTIVATION(self.linear(rows, gate, gate_bias, dtype)) * h
    if dropout > 0.0:
        h = self.dropout(h, dropout)
    return torch.flatten(self.linear(h, down, down_bias, dtype), 0, 1).to(torch.float32)

# weights and experts (k, N); the expert E stands for none. x (B, T, D) -> (B, T, D) in float32. Experts
# are filled up to equal numbers of rows if that takes at most padding times as many rows.
def apply(self, x: Tensor, weights: Tensor, experts: Tensor, up: Tensor, up_bias: Optional[Tensor], gate: Optional[Tensor], gate_bias: Optional[Tensor], down: Tensor, down_bias: Optional[Tensor], dropout: float, dtype: int, padding: float) -> Tensor:
    rows = torch.flatten(x, 0, -2).to(dtype)
    n = rows.size(0)
    if n == 0:
        return x.to(torch.float32)
    k = experts.size(0)
    e = up.size(0)
    flat = torch.flatten(experts)
    order = torch.argsort(flat, stable=True, dim=0, descending=False)
    sizes = torch.scatter_add(torch.zeros([e + 1], dtype=torch.int64, device=x.device), 0, flat, torch.ones_like(flat))
    counts = annotate(List[int], sizes.cpu().tolist())
    idle = counts.pop()
    work = n * k - idle
    position = torch.arange(n * k, device=x.device)
    chosen = torch.narrow(order, 0, 0, work)
    sorted = torch.remainder(chosen, n)
    results = annotate(List[Tensor], [])
    c = max(counts)
    last = work
    if work > 0 and float(e * c) <= padding * float(work):
        # Row i of expert j moves to j * C + i; what lies between is token 0, which nobody reads.
        shift = torch.arange(e + 1, device=x.device) * c + sizes - torch.cumsum(sizes, 0)
        position = position + torch.index_select(shift, 0, torch.index_select(flat, 0, order))
        filled = torch.scatter(torch.zeros([e * c], dtype=torch.int64, device=x.device), 0, torch.narrow(position, 0, 0, work), sorted)
        padded = torch.unflatten(torch.embedding(rows, filled), 0, [e, c])
        results.append(self.run_padded(padded, up, up_bias, gate, gate_bias, down, down_bias, dropout, dtype))
        last = e * c
    else:
        results = self.run(torch.embedding(rows, sorted), counts, up, up_bias, gate, gate_bias, down, down_bias, dropout, dtype)
    place = torch.scatter(torch.empty_like(order), 0, order, position)
    if idle > 0:
        results.append(torch.zeros([1, rows.size(1)], device=x.device))
        place = torch.clamp(place, None, last)
    # Each token is the weighted sum of its k rows: a bag, which needs no (k, N, D) in between.
    bags = torch.flatten(torch.t(torch.reshape(place, [k, n])))
    y, _, _, _ = torch.embedding_bag(torch.cat(results), bags, torch.arange(0, n * k, k, device=x.device), False, 0, False, torch.flatten(torch.t(weights)), False)
    return torch.view(y, x.shape)

# weights and tokens (E, M): each expert computes the M tokens that it chose.
def apply_chosen(self, x: Tensor, weights: Tensor, tokens: Tensor, up: Tensor, up_bias: Optional[Tensor], gate: Optional[Tensor], gate_bias: Optional[Tensor], down: Tensor, down_bias: Optional[Tensor], dropout: float, dtype: int) -> Tensor:
    rows = torch.flatten(x, 0, -2).to(dtype)
    if rows.size(0) == 0:
        return x.to(torch.float32)
    flat = torch.flatten(tokens)
    results = self.run_padded(torch.unflatten(torch.embedding(rows, flat), 0, [tokens.size(0), -1]), up, up_bias, gate, gate_bias, down, down_bias, dropout, dtype)
    weighted = results * torch.unsqueeze(torch.flatten(weights), 1)
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
