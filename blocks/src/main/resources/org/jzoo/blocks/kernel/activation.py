def gelu(self, x: Tensor) -> Tensor:
    return torch.gelu(x)

def gelu_tanh(self, x: Tensor) -> Tensor:
    return torch.gelu(x, approximate="tanh")

def quick_gelu(self, x: Tensor) -> Tensor:
    return x * torch.sigmoid(1.702 * x)

def relu(self, x: Tensor) -> Tensor:
    return torch.relu(x)

def silu(self, x: Tensor) -> Tensor:
    return torch.silu(x)

def tanh(self, x: Tensor) -> Tensor:
    return torch.tanh(x)

def multiply(self, x: Tensor, y: Tensor) -> Tensor:
    return x * y
