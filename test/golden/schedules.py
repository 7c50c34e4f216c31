"""Learning rates of PyTorch's schedulers over 30 epochs.

Run: python3 test/golden/schedules.py
Writes schedules.json beside this file, the same bytes every time.
"""

import math
import warnings

import torch
from golden_json import write
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LinearLR, SequentialLR, StepLR

EPOCHS = 30
MEANING = (
    "lr[e] is the rate used during epoch e, counted from 0; lr[30] is the one that a 31st epoch would "
    "use. PyTorch computes some schedules recursively, each rate from the one before, so a closed form "
    "agrees to a relative 1e-13 and not to the last bit."
)


def rates(base, make):
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=base)
    scheduler = make(optimizer)
    seen = []
    for _ in range(EPOCHS + 1):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return seen


def cosine(base, eta_min, t, t_max):
    return eta_min + (base - eta_min) * (1 + math.cos(math.pi * t / t_max)) / 2


def warm_up_then_cosine(optimizer):
    warm_up = LinearLR(optimizer, start_factor=0.1, total_iters=5)
    decay = CosineAnnealingLR(optimizer, T_max=25, eta_min=1e-5)
    return SequentialLR(optimizer, [warm_up, decay], milestones=[5])


# name, class, base lr, PyTorch's arguments, scheduler, the same in closed form (which checks the values)
SCHEDULES = [
    ("constant", "LambdaLR", 0.01, {}, lambda o: LambdaLR(o, lambda epoch: 1.0), lambda e: 0.01),
    (
        "step", "StepLR", 0.1, {"step_size": 7, "gamma": 0.5},
        lambda o: StepLR(o, step_size=7, gamma=0.5),
        lambda e: 0.1 * 0.5 ** (e // 7),
    ),
    (
        "cosine", "CosineAnnealingLR", 0.001, {"T_max": 30, "eta_min": 0.0},
        lambda o: CosineAnnealingLR(o, T_max=30, eta_min=0.0),
        lambda e: cosine(0.001, 0.0, e, 30),
    ),
    (
        "cosine eta_min", "CosineAnnealingLR", 0.001, {"T_max": 30, "eta_min": 1e-5},
        lambda o: CosineAnnealingLR(o, T_max=30, eta_min=1e-5),
        lambda e: cosine(0.001, 1e-5, e, 30),
    ),
    (
        "linear warm-up", "LinearLR", 0.001, {"start_factor": 0.1, "end_factor": 1.0, "total_iters": 5},
        lambda o: LinearLR(o, start_factor=0.1, end_factor=1.0, total_iters=5),
        lambda e: 0.001 * (0.1 + 0.9 * min(e, 5) / 5),
    ),
    (
        "warm-up then cosine", "SequentialLR", 0.001,
        {"start_factor": 0.1, "end_factor": 1.0, "total_iters": 5, "milestone": 5,
         "T_max": 25, "eta_min": 1e-5},
        warm_up_then_cosine,
        lambda e: 0.001 * (0.1 + 0.9 * e / 5) if e < 5 else cosine(0.001, 1e-5, e - 5, 25),
    ),
]


def run(name, scheduler, base, arguments, make, closed_form):
    lr = rates(base, make)
    for epoch, value in enumerate(lr):
        expected = closed_form(epoch)
        assert math.isclose(value, expected, rel_tol=1e-13, abs_tol=1e-18), (name, epoch, value, expected)
    return {"name": name, "scheduler": scheduler, "baseLr": base, "arguments": arguments, "lr": lr}


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message="The epoch parameter")  # SequentialLR's own call
    write(__file__, {"meaning": MEANING, "epochs": EPOCHS, "schedules": [run(*s) for s in SCHEDULES]})
