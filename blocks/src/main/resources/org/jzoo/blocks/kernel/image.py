# Images (B, C, R*P, Q*P) to patches (B, R*Q, C*P*P), each in the order of a convolution's weight.
def patches(self, x: Tensor, size: int) -> Tensor:
    cut = torch.unflatten(torch.unflatten(x, 3, [-1, size]), 2, [-1, size])
    return torch.flatten(torch.flatten(torch.permute(cut, [0, 2, 4, 1, 3, 5]), 3), 1, 2)

# row (D) before the others of x (B, N, D).
def prepend(self, x: Tensor, row: Tensor) -> Tensor:
    first = torch.expand(torch.unsqueeze(torch.unsqueeze(row, 0), 0), [x.size(0), 1, x.size(2)])
    return torch.cat([first, x], 1)

# What is added to patches, with zeros for the tokens before them.
def add_to_patches(self, x: Tensor, patches: Tensor) -> Tensor:
    return x + torch.constant_pad_nd(patches, [0, 0, x.size(1) - patches.size(0), 0], 0)

# table (lead + table_rows * table_columns, D), its grid scaled to rows and columns.
def add_grid(self, x: Tensor, table: Tensor, rows: int, columns: int, table_rows: int, table_columns: int) -> Tensor:
    scaled = table
    if rows != table_rows or columns != table_columns:
        count = table_rows * table_columns
        lead = table.size(0) - count
        grid = torch.unflatten(torch.narrow(table, 0, lead, count), 0, [table_rows, table_columns])
        picture = torch.unsqueeze(torch.permute(grid, [2, 0, 1]), 0)
        fitted = torch.squeeze(torch.upsample_bicubic2d(picture, [rows, columns], False, None, None), 0)
        patches = torch.flatten(torch.permute(fitted, [1, 2, 0]), 0, 1)
        scaled = torch.cat([torch.narrow(table, 0, 0, lead), patches], 0)
    return x + scaled

# One row of a table (R, D) for each row of the grid and one (Q, D) for each column.
def add_axes(self, x: Tensor, row_table: Tensor, column_table: Tensor, rows: int, columns: int) -> Tensor:
    by_row = torch.unsqueeze(torch.narrow(row_table, 0, 0, rows), 1)
    by_column = torch.unsqueeze(torch.narrow(column_table, 0, 0, columns), 0)
    return self.add_to_patches(x, torch.flatten(by_row + by_column, 0, 1))

# Sines, then cosines, of 0 … count-1 times 10000^(-4i/D): (count, D/2).
def waves(self, count: int, dim: int, like: Tensor) -> Tensor:
    i = torch.arange(dim // 4, dtype=torch.float32, device=like.device)
    frequencies = torch.pow(10000.0, torch.neg(i) * 4.0 / dim)
    angle = torch.unsqueeze(torch.arange(count, dtype=torch.float32, device=like.device), 1) * frequencies
    return torch.cat([torch.sin(angle), torch.cos(angle)], -1)

# The first half of the features tells the column, the second the row.
def add_grid_sinusoids(self, x: Tensor, rows: int, columns: int) -> Tensor:
    d = x.size(2)
    by_column = torch.expand(torch.unsqueeze(self.waves(columns, d, x), 0), [rows, columns, d // 2])
    by_row = torch.expand(torch.unsqueeze(self.waves(rows, d, x), 1), [rows, columns, d // 2])
    return self.add_to_patches(x, torch.flatten(torch.cat([by_column, by_row], -1), 0, 1))

# The row and column of each token of x (B, T, D): (T, 2); zeros for the tokens before the patches.
def grid_positions(self, x: Tensor, rows: int, columns: int) -> Tensor:
    p = torch.arange(rows * columns, dtype=torch.int64, device=x.device)
    pairs = torch.stack([torch.floor_divide(p, columns), torch.remainder(p, columns)], -1)
    return torch.constant_pad_nd(pairs, [0, 0, x.size(1) - rows * columns, 0], 0)

# Similarities of vectors of length 1, images (Bi, E) and texts (Bt, E), by a learned scale (1).
def match(self, images: Tensor, texts: Tensor, log_scale: Tensor) -> Tensor:
    return torch.matmul(images, torch.transpose(texts, 0, 1)) * torch.exp(log_scale)

# A 3x3-like convolution, a norm over groups of channels, and GELU.
def convolve(self, x: Tensor, weight: Tensor, scale: Tensor, shift: Tensor, stride: int, groups: int, dtype: int) -> Tensor:
    padding = weight.size(2) // 2
    y = torch.conv2d(x.to(dtype), weight.to(dtype), None, [stride, stride], [padding, padding])
    return torch.gelu(torch.group_norm(y.to(torch.float32), groups, scale, shift, 1e-5))

# Images (B, D, R, Q) as tokens, row by row: (B, R*Q, D). Contiguous, since products of what is not
# take another way for weights that learn than for others, and round otherwise.
def tokens(self, x: Tensor) -> Tensor:
    return torch.contiguous(torch.transpose(torch.flatten(x, 2), 1, 2))

# Squares of side*side tokens as one: (B, R*Q, D) to (B, R/side * Q/side, side*side*D).
def merge_tokens(self, x: Tensor, rows: int, columns: int, side: int) -> Tensor:
    grid = torch.unflatten(x, 1, [rows // side, side, columns // side, side])
    return torch.flatten(torch.flatten(torch.permute(grid, [0, 1, 3, 2, 4, 5]), 3), 1, 2)

# Rows of bytes (N, C, H, W) as numbers in [-1, 1].
def pixels(self, bytes: Tensor, rows: Tensor) -> Tensor:
    return torch.index_select(bytes, 0, rows).to(torch.float32) / 127.5 - 1.0

# Images (B, C, H, W) whose pixel at p is the one at place (B, 2, 3) times [p; 1], sides from -1 to
# 1, bilinear; fill where there was none.
def warp(self, images: Tensor, place: Tensor, fill: float) -> Tensor:
    sizes = [images.size(0), images.size(1), images.size(2), images.size(3)]
    grid = torch.affine_grid_generator(place, sizes, False)
    return torch.grid_sampler_2d(images - fill, grid, 0, 0, False) + fill

# Colours (B, 3, H, W) by a map and an offset a picture, (B, 3, 4), cut to [-1, 1].
def recolour(self, images: Tensor, colour: Tensor) -> Tensor:
    flat = torch.flatten(images, 2)
    y = torch.matmul(torch.narrow(colour, 2, 0, 3), flat) + torch.narrow(colour, 2, 3, 1)
    return torch.clamp(torch.unflatten(y, 2, [images.size(2), images.size(3)]), -1.0, 1.0)

# Square roots of the shares of bins^3 colours in each of cells^2 parts: (B, cells^2 * bins^3).
def part_colours(self, images: Tensor, bins: int, cells: int) -> Tensor:
    h = images.size(2)
    w = images.size(3)
    level = torch.clamp(((images + 1.0) * 0.5 * bins).to(torch.int64), 0, bins - 1)
    colour = (torch.select(level, 1, 0) * bins + torch.select(level, 1, 1)) * bins + torch.select(level, 1, 2)
    row = torch.unsqueeze(torch.floor_divide(torch.arange(h, dtype=torch.int64, device=images.device) * cells, h), 1)
    column = torch.floor_divide(torch.arange(w, dtype=torch.int64, device=images.device) * cells, w)
    colours = bins * bins * bins
    index = torch.flatten(colour + (row * cells + column) * colours, 1)
    counts = torch.zeros([images.size(0), cells * cells * colours], dtype=torch.float32, device=images.device)
    counts = torch.scatter_add(counts, 1, index, torch.ones_like(index, dtype=torch.float32))
    parts = torch.unflatten(counts, 1, [cells * cells, colours])
    return torch.flatten(torch.sqrt(parts / torch.sum(parts, [2], True)), 1)

# The whole's colours, and with more than one cell those of the parts after it.
def colours(self, images: Tensor, bins: int, cells: int) -> Tensor:
    whole = self.part_colours(images, bins, 1)
    result = whole
    if cells > 1:
        result = torch.cat([whole, self.part_colours(images, bins, cells)], 1)
    return result
