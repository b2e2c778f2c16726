"""A fine-tuning step of a model of MiniLM's shape in plain PyTorch, for "jzoo bench train --python".

Usage: train_step.py ROWS TOKENS THREADS DEVICE. Prints PyTorch's version, then takes "float32" or
"bfloat16" from standard input, a word a line, and answers each with the step's milliseconds.
"""

import sys
import time

try:
    import torch
except ImportError as error:
    sys.exit(f"{sys.executable} must have torch installed: {error}")

from torch import nn
from torch.nn import functional

VOCABULARY, DIM, LAYERS, HEADS, INNER, POSITIONS, TYPES = 30_522, 384, 6, 12, 1536, 512, 2
DROPOUT, EPSILON, RATE, DECAY = 0.1, 1e-12, 2e-5, 0.01


class Layer(nn.Module):

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(DIM, DIM) for _ in range(4))
        self.inner, self.outer = nn.Linear(DIM, INNER), nn.Linear(INNER, DIM)
        self.mixer_norm, self.norm = nn.LayerNorm(DIM, EPSILON), nn.LayerNorm(DIM, EPSILON)

    def heads(self, x):
        return x.unflatten(-1, (HEADS, -1)).transpose(1, 2)

    def forward(self, x):
        q, k, v = self.heads(self.query(x)), self.heads(self.key(x)), self.heads(self.value(x))
        mixed = functional.scaled_dot_product_attention(q, k, v, dropout_p=DROPOUT)
        mixed = self.output(mixed.transpose(1, 2).flatten(2))
        x = self.mixer_norm(x + functional.dropout(mixed, DROPOUT))
        y = self.outer(functional.gelu(self.inner(x)))
        return self.norm(x + functional.dropout(y, DROPOUT))


class Classifier(nn.Module):

    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, DIM, padding_idx=0)
        self.types, self.positions = nn.Embedding(TYPES, DIM), nn.Embedding(POSITIONS, DIM)
        self.norm = nn.LayerNorm(DIM, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(DIM, 2)

    def forward(self, ids, types):
        x = self.tokens(ids) + self.types(types) + self.positions.weight[: ids.shape[1]]
        x = functional.dropout(self.norm(x), DROPOUT)
        for layer in self.layers:
            x = layer(x)
        return self.head(functional.dropout(x.mean(1), DROPOUT))


class Training:

    def __init__(self, device, rows, tokens):
        self.device = device
        self.model = Classifier().to(device)
        self.parameters = list(self.model.parameters())
        groups = [
            {"params": [p for p in self.parameters if p.dim() > 1], "weight_decay": DECAY},
            {"params": [p for p in self.parameters if p.dim() == 1], "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=RATE, fused=True)
        self.ids = torch.randint(1000, 20_000, (rows, tokens))
        self.types = torch.zeros_like(self.ids)
        self.labels = torch.arange(rows) % 2

    def step(self, precision):
        start = time.perf_counter()
        with torch.autocast(self.device, torch.bfloat16, enabled=precision == "bfloat16"):
            logits = self.model(self.ids.to(self.device), self.types.to(self.device))
            loss = functional.cross_entropy(logits, self.labels.to(self.device))
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        # Reading what depends on the step waits for its end.
        norm.item()
        self.model.head.bias.tolist()
        return (time.perf_counter() - start) * 1e3


def main():
    rows, tokens, threads = (int(word) for word in sys.argv[1:4])
    torch.set_num_threads(threads)
    torch.manual_seed(17)
    trainings = {}
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        precision = line.strip()
        if precision not in trainings:
            trainings[precision] = Training(sys.argv[4], rows, tokens)
        print(trainings[precision].step(precision), flush=True)


main()
