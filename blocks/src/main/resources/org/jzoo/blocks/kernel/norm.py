# Norms run in float32 whatever comes in, and return float32.

def layer_norm(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], epsilon: float) -> Tensor:
    return torch.layer_norm(x.to(torch.float32), weight.shape, weight, bias, epsilon)

def rms_norm(self, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    return torch.rms_norm(x.to(torch.float32), weight.shape, weight, epsilon)

def l2_normalize(self, x: Tensor, epsilon: float) -> Tensor:
    norm = torch.linalg_vector_norm(x, 2, [-1], True)
    return x / torch.clamp(norm, epsilon)

# Of x * scale + dropout(y).
def layer_norm_of_sum(self, x: Tensor, scale: float, y: Tensor, dropout: float, weight: Tensor, bias: Optional[Tensor], epsilon: float) -> Tensor:
    branch = y
    if dropout > 0.0:
        branch = self.dropout(y, dropout)
    trunk = x
    if scale != 1.0:
        trunk = x * scale
    return self.layer_norm(trunk + branch.to(x.dtype), weight, bias, epsilon)
