# Gradients live in the parameters; a parameter that has none is left as it is.

def gradients(self, parameters: List[Tensor]) -> List[Tensor]:
    found: List[Tensor] = []
    for p in parameters:
        g = p.grad
        if g is not None:
            found.append(g)
    return found

# The global L2 norm, a float32 scalar; 0 when no parameter has a gradient.
def gradient_norm(self, parameters: List[Tensor]) -> Tensor:
    found = self.gradients(parameters)
    if len(found) == 0:
        return torch.zeros([])
    return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(found, 2.0), 0), 2)

def scale_gradients(self, parameters: List[Tensor], factor: Tensor) -> Tensor:
    found = self.gradients(parameters)
    if len(found) > 0:
        torch._foreach_mul_(found, factor)
    return factor

# Clips to max_norm as torch.nn.utils.clip_grad_norm_ does; returns the norm before clipping.
def clip_gradients(self, parameters: List[Tensor], max_norm: float) -> Tensor:
    norm = self.gradient_norm(parameters)
    self.scale_gradients(parameters, torch.clamp(max_norm / (norm + 1e-6), None, 1.0))
    return norm

def zero_gradients(self, parameters: List[Tensor]) -> Tensor:
    found = self.gradients(parameters)
    if len(found) > 0:
        torch._foreach_zero_(found)
    return torch.zeros([])

def adamw(self, parameters: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], rate: float, beta1: float, beta2: float, decay: float, epsilon: float) -> Tensor:
    p: List[Tensor] = []
    g: List[Tensor] = []
    m: List[Tensor] = []
    v: List[Tensor] = []
    t: List[Tensor] = []
    for i in range(len(parameters)):
        gradient = parameters[i].grad
        if gradient is not None:
            p.append(parameters[i])
            g.append(gradient)
            m.append(first[i])
            v.append(second[i])
            t.append(steps[i])
    if len(p) > 0:
        torch._foreach_add_(t, 1)
        torch._fused_adamw_(p, g, m, v, annotate(List[Tensor], []), t, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
    return torch.zeros([])
