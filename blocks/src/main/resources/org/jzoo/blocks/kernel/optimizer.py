# Gradients live in the parameters; a parameter that has none is left as it is. A gradient that does
# not exist reads as a tensor without a type, not as None.

def gradients(self, parameters: List[Tensor]) -> List[Tensor]:
    found: List[Tensor] = []
    for p in parameters:
        g = p.grad
        if g is not None and g.dtype == p.dtype:
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

# The values that belong to parameters which have a gradient.
def with_gradient(self, parameters: List[Tensor], values: List[Tensor]) -> List[Tensor]:
    found: List[Tensor] = []
    for i in range(len(parameters)):
        g = parameters[i].grad
        if g is not None and g.dtype == parameters[i].dtype:
            found.append(values[i])
    return found

def adamw_step(self, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], rate: float, beta1: float, beta2: float, decay: float, epsilon: float) -> Tensor:
    torch._foreach_add_(t, 1)
    torch._fused_adamw_(p, g, m, v, annotate(List[Tensor], []), t, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
    return torch.zeros([])

# Lists come from arguments or calls: an in-place operator on a list that its own function filled is
# taken for dead code and dropped.
def adamw(self, parameters: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], rate: float, beta1: float, beta2: float, decay: float, epsilon: float) -> Tensor:
    g = self.gradients(parameters)
    if len(g) == 0:
        return torch.zeros([])
    if len(g) == len(parameters):
        return self.adamw_step(parameters, g, first, second, steps, rate, beta1, beta2, decay, epsilon)
    p = self.with_gradient(parameters, parameters)
    m = self.with_gradient(parameters, first)
    v = self.with_gradient(parameters, second)
    t = self.with_gradient(parameters, steps)
    return self.adamw_step(p, g, m, v, t, rate, beta1, beta2, decay, epsilon)

# Below, gradients are lists of their own and parameters have none: so nothing must be zeroed and added to,
# a kernel for each parameter and step. They are only read here: two may share memory.

# Whether each parameter has had a gradient, as 1 or 0.
def had_gradient(self, parameters: List[Tensor]) -> List[int]:
    had: List[int] = []
    for p in parameters:
        g = p.grad
        if g is not None and g.dtype == p.dtype:
            had.append(1)
        else:
            had.append(0)
    return had

def loss_gradients(self, loss: Tensor, parameters: List[Tensor]) -> List[Optional[Tensor]]:
    return torch.grad([loss], parameters, None, None, False, True)

def sum_gradients(self, x: List[Optional[Tensor]], y: List[Optional[Tensor]]) -> List[Optional[Tensor]]:
    sums = annotate(List[Optional[Tensor]], [])
    for i in range(len(x)):
        a = x[i]
        b = y[i]
        if a is None:
            sums.append(b)
        elif b is None:
            sums.append(a)
        else:
            sums.append(a + b)
    return sums

# The gradients of the parameters that have had one, zeros for those that have none now.
def known_gradients(self, found: List[Optional[Tensor]], parameters: List[Tensor], had: List[int]) -> List[Tensor]:
    known: List[Tensor] = []
    for i in range(len(found)):
        g = found[i]
        if g is not None:
            had[i] = 1
            known.append(torch.contiguous(g))
        elif had[i] == 1:
            known.append(torch.zeros_like(parameters[i]))
    return known

def norm_of(self, known: List[Tensor], parameters: List[Tensor]) -> Tensor:
    if len(known) == 0:
        return torch.zeros([])
    return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(known, 2.0), 0), 2)

# Reading the norm costs nothing on CPU; gradients that are not clipped are left alone there.
def clipped(self, known: List[Tensor], norm: Tensor, max_norm: float) -> List[Tensor]:
    if len(known) == 0:
        return known
    if not norm.is_cuda and float(norm) + 1e-6 <= max_norm:
        return known
    return torch._foreach_mul(known, torch.clamp(max_norm / (norm + 1e-6), None, 1.0))

# Of a list for those that had a gradient, the part of the parameters from the start-th on.
def part(self, known: List[Tensor], had: List[int], start: int, count: int) -> List[Tensor]:
    if len(known) == len(had):
        return torch.slice(known, start, start + count)
    found: List[Tensor] = []
    at = 0
    for i in range(start + count):
        if had[i] == 1:
            if i >= start:
                found.append(known[at])
            at = at + 1
    return found

def chosen(self, values: List[Tensor], had: List[int], start: int) -> List[Tensor]:
    found: List[Tensor] = []
    for i in range(len(values)):
        if had[start + i] == 1:
            found.append(values[i])
    return found

# One step of the parameters from the start-th on of those that had tells of.
def adamw_known(self, parameters: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], known: List[Tensor], had: List[int], start: int, rate: float, beta1: float, beta2: float, decay: float, epsilon: float) -> Tensor:
    g = self.part(known, had, start, len(parameters))
    if len(g) == 0:
        return torch.zeros([])
    if len(g) == len(parameters):
        return self.adamw_step(parameters, g, first, second, steps, rate, beta1, beta2, decay, epsilon)
    p = self.chosen(parameters, had, start)
    m = self.chosen(first, had, start)
    v = self.chosen(second, had, start)
    t = self.chosen(steps, had, start)
    return self.adamw_step(p, g, m, v, t, rate, beta1, beta2, decay, epsilon)

# In place: the memory of the targets stays theirs.
def copy(self, sources: List[Tensor], targets: List[Tensor]) -> Tensor:
    torch._foreach_copy_(targets, sources)
    return torch.zeros([])

# averages <- averages + share * (parameters - averages), in place.
def average(self, parameters: List[Tensor], averages: List[Tensor], share: float) -> Tensor:
    torch._foreach_lerp_(averages, parameters, share)
    return torch.zeros([])

def swap(self, first: List[Tensor], second: List[Tensor]) -> Tensor:
    kept = torch._foreach_add(first, 0)
    torch._foreach_copy_(first, second)
    torch._foreach_copy_(second, kept)
    return torch.zeros([])

def add_scaled(self, parameters: List[Tensor], gradients: List[Tensor], factor: Tensor) -> Tensor:
    torch._foreach_add_(parameters, torch._foreach_mul(gradients, factor))
    return factor

# Moves parameters by epsilon in all along their gradients; those without one stay. Returns the norm.
def perturb(self, parameters: List[Tensor], epsilon: float) -> Tensor:
    norm = self.gradient_norm(parameters)
    found = self.gradients(parameters)
    if len(found) > 0:
        self.add_scaled(self.with_gradient(parameters, parameters), found, epsilon / (norm + 1e-12))
    return norm
