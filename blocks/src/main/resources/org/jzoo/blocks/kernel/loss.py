def cross_entropy(self, logits: Tensor, labels: Tensor, weight: Optional[Tensor], ignore: int, smoothing: float) -> Tensor:
    flat = torch.flatten(logits, 0, -2).to(torch.float32)
    return torch.cross_entropy_loss(flat, torch.flatten(labels), weight, 1, ignore, smoothing)

# Position t of logits (B, T, V) against token t + 1 of ids (B, T); both must be real in mask (B, T).
def next_token(self, logits: Tensor, ids: Tensor, mask: Optional[Tensor], ignore: int) -> Tensor:
    n = logits.size(1) - 1
    labels = torch.narrow(ids, 1, 1, n)
    if mask is not None:
        m = mask.to(torch.bool)
        kept = torch.logical_and(torch.narrow(m, 1, 0, n), torch.narrow(m, 1, 1, n))
        labels = torch.where(kept, labels, torch.full_like(labels, ignore))
    flat = torch.flatten(torch.narrow(logits, 1, 0, n), 0, 1).to(torch.float32)
    return torch.cross_entropy_loss(flat, torch.flatten(labels), None, 1, ignore, 0.0)

def mean_squared_error(self, predictions: Tensor, targets: Tensor) -> Tensor:
    return torch.mse_loss(predictions.to(torch.float32), targets)

def binary_cross_entropy(self, logits: Tensor, targets: Tensor) -> Tensor:
    return torch.binary_cross_entropy_with_logits(logits.to(torch.float32), targets)

# T^2 * KL(teacher / T || student / T), mean over rows.
def distillation(self, student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    s = torch.log_softmax(torch.flatten(student, 0, -2).to(torch.float32) / temperature, -1)
    t = torch.log_softmax(torch.flatten(teacher, 0, -2).to(torch.float32) / temperature, -1)
    divergence = torch.sum(torch.exp(t) * (t - s), [-1])
    return torch.mean(divergence) * (temperature * temperature)

def scale(self, x: Tensor, factor: float) -> Tensor:
    return x * factor

def weighted_sum(self, terms: List[Tensor], weights: List[float]) -> Tensor:
    total = terms[0] * weights[0]
    for i in range(1, len(terms)):
        total = total + terms[i] * weights[i]
    return total

# Row i and column i of logits (B, B) belong together.
def contrastive(self, logits: Tensor) -> Tensor:
    wide = logits.to(torch.float32)
    labels = torch.arange(logits.size(0), dtype=torch.int64, device=logits.device)
    by_row = torch.cross_entropy_loss(wide, labels, None, 1, -100, 0.0)
    by_column = torch.cross_entropy_loss(torch.transpose(wide, 0, 1), labels, None, 1, -100, 0.0)
    return (by_row + by_column) / 2

# First and last token, logits (B, N, 2), against labels (B, 2), where N means none: its logit is 0.
def span(self, logits: Tensor, labels: Tensor, mask: Optional[Tensor], ignore: int) -> Tensor:
    wide = torch.transpose(logits.to(torch.float32), 1, 2)
    if mask is not None:
        hidden = torch.logical_not(mask.to(torch.bool))
        wide = torch.masked_fill(wide, torch.unsqueeze(hidden, 1), -10000.0)
    none = torch.zeros_like(torch.narrow(wide, 2, 0, 1))
    all = torch.flatten(torch.cat([wide, none], 2), 0, 1)
    return torch.cross_entropy_loss(all, torch.flatten(labels), None, 1, ignore, 0.0)
