# A post-norm encoder in one call. PACKED is replaced by the type that the other half of the module,
# encoder_*.py, packs weights into: (vectors, matrices). Each layer has
#   12 vectors and shapes: qkv, output, inner, outer as (_, bias) and two norms as (weight, bias):
#       0 _  1 qkv bias  2 _  3 output bias  4 5 norm  6 _  7 inner bias  8 _  9 outer bias  10 11 norm
#   4 matrices: qkv, output, inner, outer.
# tables: words (V, D), positions plus type 0 (P, D), types minus type 0 (Y, D), norm weight, norm bias;
# for words of few bits, whose rows are codes (V, bytes), scales and, if there are, zeros follow.

def words_at(self, ids: Tensor, tables: List[Tensor]) -> Tensor:
    if len(tables) == 5:
        return torch.embedding(tables[0], ids)
    zero = annotate(Optional[Tensor], None)
    if len(tables) == 7:
        zero = tables[6]
    d = tables[1].size(1)
    return self.uniform_rows(ids, tables[0], tables[5], zero, d, tables[0].size(1) * 8 // d)

def embed_tokens(self, ids: Tensor, types: Optional[Tensor], tables: List[Tensor], epsilon: float) -> Tensor:
    x = torch.add(self.words_at(ids, tables), torch.slice(tables[1], 0, 0, ids.size(1)))
    if types is not None:
        x = torch.add_(x, torch.embedding(tables[2], types))
    return torch.layer_norm(x, tables[3].shape, tables[3], tables[4], epsilon)

# qkv: (B*T, 3*A) -> (B*T, A) for A features of all heads of a layer
def attend(self, qkv: Tensor, b: int, t: int, head_size: int, bias: Optional[Tensor]) -> Tensor:
    split = torch.permute(qkv.view([b, t, 3, -1, head_size]), [2, 0, 3, 1, 4])
    q, k, v = torch.unbind(split)
    y = torch.scaled_dot_product_attention(q, k, v, bias)
    return torch.reshape(torch.transpose(y, 1, 2), [b * t, -1])

# The rows of x (N, D) are the tokens at index of the flattened batch; slots says for each position of
# the batch which row it shows. Both are None when the rows are all of the batch.
def run_layers(self, x: Tensor, b: int, t: int, bias: Optional[Tensor], index: Optional[Tensor], slots: Optional[Tensor], packed: PACKED, head_size: int, epsilon: float) -> Tensor:
    vectors, matrices = packed
    d = [x.size(-1)]
    for layer in range(len(matrices) // 4):
        i = layer * 12
        m = layer * 4
        qkv = self.project(x, matrices[m], vectors[i], vectors[i + 1])
        if index is not None and slots is not None:
            padded = self.attend(torch.index_select(qkv, 0, slots), b, t, head_size, bias)
            y = torch.index_select(padded, 0, index)
        else:
            y = self.attend(qkv, b, t, head_size, bias)
        h = torch.layer_norm(self.project_add(y, x, matrices[m + 1], vectors[i + 2], vectors[i + 3]), d, vectors[i + 4], vectors[i + 5], epsilon)
        f = self.project_gelu(h, matrices[m + 2], vectors[i + 6], vectors[i + 7])
        x = torch.layer_norm(self.project_add(f, h, matrices[m + 3], vectors[i + 8], vectors[i + 9]), d, vectors[i + 10], vectors[i + 11], epsilon)
    return x.to(torch.float32)

# ids, types (B, T); mask (B, T), not 0 where a token is; -> (B, T, D), 0 where no token is.
def encode(self, ids: Tensor, mask: Optional[Tensor], types: Optional[Tensor], tables: List[Tensor], packed: PACKED, head_size: int, epsilon: float) -> Tensor:
    b = ids.size(0)
    t = ids.size(1)
    x = self.embed_tokens(ids, types, tables, epsilon)
    rows = self.start(torch.flatten(x, 0, 1))
    if mask is None:
        return torch.view(self.run_layers(rows, b, t, None, None, None, packed, head_size, epsilon), x.shape)
    kept = torch.flatten(torch.ne(mask, 0))
    count = int(torch.sum(kept))
    if count == b * t:
        return torch.view(self.run_layers(rows, b, t, None, None, None, packed, head_size, epsilon), x.shape)
    absent = torch.mul(torch.logical_not(kept).to(rows.dtype), -1e9)
    bias = torch.view(absent, [b, 1, 1, t])
    if count * 20 < b * t * 19:
        index = torch.squeeze(torch.nonzero(kept), 1)
        slots = torch.clamp(torch.sub(torch.cumsum(kept, 0), 1), 0)
        y = self.run_layers(torch.index_select(rows, 0, index), b, t, bias, index, slots, packed, head_size, epsilon)
        full = torch.zeros([b * t, x.size(2)], dtype=torch.float32, device=x.device)
        return torch.view(torch.index_copy_(full, 0, index, y), x.shape)
    y = self.run_layers(rows, b, t, bias, None, None, packed, head_size, epsilon)
    return torch.view(torch.mul(y, torch.unsqueeze(kept, 1)), x.shape)

# The mean over the tokens of each sequence, scaled to length 1: (B, D). No token gives 0.
def encode_pooled(self, ids: Tensor, mask: Optional[Tensor], types: Optional[Tensor], tables: List[Tensor], packed: PACKED, head_size: int, epsilon: float) -> Tensor:
    y = torch.sum(self.encode(ids, mask, types, tables, packed, head_size, epsilon), [1])
    return torch.div(y, torch.clamp(torch.linalg_vector_norm(y, 2, [-1], True), 1e-12))

# The embeddings as one kept list. The words, by far the most, are shared with the caller.
def tables(self, words: Tensor, positions: Tensor, types: Optional[Tensor], weight: Tensor, bias: Tensor, scale: Optional[Tensor], zero: Optional[Tensor]) -> List[Tensor]:
    first = positions
    others = torch.zeros_like(torch.slice(positions, 0, 0, 1))
    if types is not None:
        first = torch.add(positions, torch.slice(types, 0, 0, 1))
        others = torch.sub(types, torch.slice(types, 0, 0, 1))
    plain = [torch.detach(words), torch.clone(first), others, torch.clone(weight), torch.clone(bias)]
    if scale is None:
        return plain
    if zero is None:
        return plain + [torch.clone(scale)]
    return plain + [torch.clone(scale), torch.clone(zero)]
