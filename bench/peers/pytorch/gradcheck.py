"""Verdicts of torch.autograd.gradcheck on the functions of the suite gradcheck."""
import json
import sys
import time
import warnings

import torch

warnings.filterwarnings("ignore")
functions = json.loads(sys.argv[1])["functions"]
SETTINGS = {"as it comes": {}, "atol=0": {"atol": 0.0}, "fast_mode": {"fast_mode": True}}
STEPS = {
    "square": torch.square,
    "sqrt": lambda x: x.abs().sqrt(),
    "log": lambda x: x.abs().log(),
    "reciprocal": torch.reciprocal,
    "abs": torch.abs,
    "relu": torch.relu,
    "sin": torch.sin,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "exp": torch.exp,
}


class Identity(torch.autograd.Function):
    """x, with a gradient that is wrong by a factor."""

    @staticmethod
    def forward(ctx, x, by):
        ctx.by = by
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g * ctx.by, None


def ten(exponents):
    return torch.tensor([float(f"1e{e}") for e in exponents], dtype=torch.float64)


def point(of):
    x = torch.tensor(of["mantissas"], dtype=torch.float64) * ten(of["exponents"])
    return x.requires_grad_()


def outputs(of, by):
    n = len(of["mantissas"])
    unit = ten(-e for e in of["exponents"])
    mixing = (torch.arange(n * n, dtype=torch.float64) % 3 - 0.75).reshape(n, n)

    def f(given):
        x = Identity.apply(given, by) if of["wrong"] < 0 else given
        found = []
        for k, output in enumerate(of["outputs"]):
            h = x * unit if output["normalized"] else x
            for step in output["steps"]:
                h = STEPS[step](h)
            y = {
                "elements": lambda: h,
                "sum": lambda: h.sum(),
                "product": lambda: h * torch.sin(x * unit),
                "matmul": lambda: h.reshape(1, n) @ mixing,
            }[output["end"]]()
            y = y * output["factor"]
            found.append(Identity.apply(y, by) if k == of["wrong"] else y)
        return tuple(found)

    return f


def flat(of):
    """Whether all derivatives of what has the wrong rule are 0."""
    x = point(of)
    output = outputs(of, 1.0)(x)[max(0, of["wrong"])]
    cotangents = torch.eye(output.numel(), dtype=torch.float64).reshape(-1, *output.shape)
    return all(
        not torch.autograd.grad(output, x, c, retain_graph=True)[0].any() for c in cotangents
    )


def passes(of, by, options):
    return torch.autograd.gradcheck(outputs(of, by), (point(of),), raise_exception=False, **options)


readings = []
for name, options in SETTINGS.items():
    counts = {"right": 0, "rightCalledWrong": 0, "undecided": 0, "wrong": 0, "wrongPassed": 0}
    start = time.perf_counter()
    for of in functions:
        counts["right"] += 1
        counts["rightCalledWrong"] += not passes(of, 1.0, options)
        if not flat(of):
            counts["wrong"] += 1
            counts["wrongPassed"] += passes(of, of["by"], options)
    seconds = (time.perf_counter() - start) / (counts["right"] + counts["wrong"])
    readings.append({"row": name, "values": {**counts, "seconds": seconds}})
print(json.dumps(readings))
