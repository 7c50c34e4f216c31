"""The chain of the suite small in PyTorch: x a + b again and again, and the gradient of its sum."""
import json
import sys

import torch

from sample import sample

settings = json.loads(sys.argv[1])
ops, elements, seconds = settings["ops"], settings["elements"], settings["seconds"]
x = (torch.arange(elements) / elements).requires_grad_()
a = torch.full((elements,), 0.999)
b = torch.full((elements,), 0.001)


def chain():
    y = x
    for _ in range(ops // 2):
        y = y * a + b
    return y.sum()


forward = sample(chain, seconds)
both = sample(lambda: torch.autograd.grad(chain(), x), seconds)
print(json.dumps([{"row": "an op", "values": {"forward": forward / ops, "seconds": both / ops}}]))
