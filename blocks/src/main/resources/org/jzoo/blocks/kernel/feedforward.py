def activate(self, x: Tensor, kind: int) -> Tensor:
    y = x
    if kind == 0:
        y = self.gelu(x)
    elif kind == 1:
        y = self.gelu_tanh(x)
    elif kind == 2:
        y = self.quick_gelu(x)
    elif kind == 3:
        y = self.relu(x)
    elif kind == 4:
        y = self.silu(x)
    else:
        y = self.tanh(x)
    return y

def dense(self, x: Tensor, up: Tensor, up_bias: Optional[Tensor], down: Tensor, down_bias: Optional[Tensor], kind: int, dropout: float, dtype: int) -> Tensor:
    inner = self.activate(self.linear(x, up, up_bias, dtype), kind)
    if dropout > 0.0:
        inner = self.dropout(inner, dropout)
    return self.linear(inner, down, down_bias, dtype)
