"""Scalar functions of PyTorch, with every op that stepgrad has. Run beside `stepgrad exporter torch > stepgrad_export.py`."""
import torch
from stepgrad_export import export
from torch.nn import functional as F

rate = torch.tensor(0.25)


def every_op(x, y):
    a = torch.tanh(x * y + 2) + torch.sigmoid(x - y) / y
    b = torch.relu(x) ** 2 + F.relu(-y) + torch.abs(-x) + abs(y)
    c = torch.maximum(x, y) * torch.minimum(x, 3 * y) - torch.max(a, b)
    d = torch.exp(-x).log() + torch.sqrt(y).sin().cos() + torch.square(x) + torch.rsqrt(y) + torch.reciprocal(x)
    return a + b + c + d + x**y + 2.0**x + 1 / (x + 1) + x.pow(3) + (x + x)


def neuron(x1, x2, w1, w2, b):
    return torch.tanh(x1 * w1 + x2 * w2 + b)


def kinks(x):
    return torch.relu(x) + torch.abs(x) + torch.maximum(x, -x) + rate * x


export(every_op, (1.3, 2.0), "every_op.json", title="Every op, by PyTorch")
export(neuron, (2.0, 0.0, -3.0, 1.0, 6.8813735870195432), "neuron.json", title="The neuron, by PyTorch")
export(kinks, (0.0,), "kinks.json", title="At a corner, by PyTorch")
print("every_op.json", "neuron.json", "kinks.json", sep="\n")
