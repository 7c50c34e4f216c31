"""Trajectories of PyTorch's optimisers on a small problem whose gradient is known in closed form.

Run: python3 test/golden/optimizers.py
Writes optimizers.json beside this file, the same bytes every time.
"""

import torch
from golden_json import array, write

STEPS = 100
KEPT = [1, 2, 10, 50, 100]

PROBLEM = (
    "Parameters W [3, 4] and b [3]. loss = sum over every element w of both parameters of coefficient * "
    "log(cosh(w - target)); its gradient is coefficient * tanh(w - target). Each step computes the "
    "gradient at the current parameters and then applies the update once; a checkpoint at step t holds "
    "the parameters after t updates, and the loss there."
)


def f64(values):
    return torch.tensor(values, dtype=torch.float64)


# Coefficients span two orders of magnitude, so that a per-parameter scale shows; some starts lie on their
# target (a gradient of exactly 0), some on either side of it, one far out where tanh is nearly flat.
START = {
    "W": f64([[0.5, -1.0, 2.0, 0.0], [1.5, -0.25, 0.75, -3.0], [0.1, -0.6, 0.9, 4.0]]),
    "b": f64([0.2, -0.4, 1.0]),
}
TARGET = {
    "W": f64([[0.0, 0.3, 1.0, 0.0], [-0.5, 0.25, 0.7, -1.0], [0.6, -0.1, -0.8, 1.0]]),
    "b": f64([-0.3, 0.1, 1.0]),
}
COEFFICIENT = {
    "W": f64([[1.0, 0.5, 2.0, 1.0], [0.25, 1.5, 0.02, 0.75], [1.25, 0.05, 0.6, 1.0]]),
    "b": f64([0.8, 1.75, 0.4]),
}

SGD = (torch.optim.SGD, ["lr", "momentum", "dampening", "weight_decay", "nesterov"])
ADAM = (torch.optim.Adam, ["lr", "betas", "eps", "weight_decay", "amsgrad"])
ADAMW = (torch.optim.AdamW, ["lr", "betas", "eps", "weight_decay", "amsgrad"])

VARIANTS = [
    ("sgd", SGD, dict(lr=0.1)),
    ("sgd momentum", SGD, dict(lr=0.1, momentum=0.9)),
    ("sgd momentum dampening", SGD, dict(lr=0.1, momentum=0.9, dampening=0.1)),
    ("sgd nesterov", SGD, dict(lr=0.1, momentum=0.9, nesterov=True)),
    ("sgd weight decay", SGD, dict(lr=0.1, weight_decay=0.01)),
    ("sgd nesterov weight decay", SGD, dict(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)),
    ("adam defaults", ADAM, dict()),
    ("adam lr 0.05", ADAM, dict(lr=0.05)),
    ("adam weight decay", ADAM, dict(lr=0.05, weight_decay=0.01)),
    ("adam amsgrad", ADAM, dict(lr=0.05, amsgrad=True)),
    ("adam betas eps", ADAM, dict(lr=0.05, betas=(0.8, 0.95), eps=1e-3)),
    ("adam betas amsgrad", ADAM, dict(lr=0.05, betas=(0.8, 0.95), amsgrad=True)),
    ("adamw defaults", ADAMW, dict()),
    ("adamw weight decay", ADAMW, dict(lr=0.05, weight_decay=0.1)),
    ("adamw betas eps", ADAMW, dict(lr=0.05, betas=(0.8, 0.95), eps=1e-3)),
    ("adamw amsgrad", ADAMW, dict(lr=0.05, betas=(0.8, 0.95), amsgrad=True)),
]


def loss_at(parameters):
    return sum((COEFFICIENT[n] * torch.log(torch.cosh(p - TARGET[n]))).sum() for n, p in parameters.items())


def run(name, optimizer_class, hyper_names, options):
    parameters = {n: p.clone() for n, p in START.items()}
    optimizer = optimizer_class(parameters.values(), **options)
    checkpoints = []
    for step in range(1, STEPS + 1):
        for n, p in parameters.items():
            p.grad = COEFFICIENT[n] * torch.tanh(p - TARGET[n])
        optimizer.step()
        if step in KEPT:
            state = {n: array(p) for n, p in parameters.items()}
            checkpoints.append({"step": step, "loss": loss_at(parameters).item(), "parameters": state})
    hyper = {h: optimizer.defaults[h] for h in hyper_names}
    if "betas" in hyper:
        hyper["betas"] = list(hyper["betas"])
    return {"name": name, "optimizer": optimizer_class.__name__, "hyper": hyper, "checkpoints": checkpoints}


if __name__ == "__main__":
    runs = [run(name, *kind, options) for name, kind, options in VARIANTS]
    ends = [str(r["checkpoints"][-1]["parameters"]) for r in runs]
    assert len(set(ends)) == len(ends), "two variants ended at the same point: one of them tests nothing"
    write(
        __file__,
        {
            "problem": PROBLEM,
            "start": {n: array(p) for n, p in START.items()},
            "target": {n: array(p) for n, p in TARGET.items()},
            "coefficient": {n: array(p) for n, p in COEFFICIENT.items()},
            "startLoss": loss_at(START).item(),
            "runs": runs,
        },
    )
