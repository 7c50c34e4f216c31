"""The chain of the suite small in PyTorch: x a + b again and again, and the gradient of its sum."""
import json
import statistics
import sys
import time

import torch

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


def sample(call):
    """Median seconds of a call, after a warm-up of a third of the time; three calls at the least."""
    warm = time.perf_counter() + seconds / 3
    while time.perf_counter() < warm:
        call()
    samples, end = [], time.perf_counter() + seconds
    while len(samples) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples)


forward = sample(chain)
both = sample(lambda: torch.autograd.grad(chain(), x))
print(json.dumps([{"row": "an op", "values": {"forward": forward / ops, "seconds": both / ops}}]))
