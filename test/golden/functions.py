"""Values and gradients of PyTorch's functions at ordinary points, at kinks and at extremes.

Run: python3 test/golden/functions.py
Writes functions.json beside this file, the same bytes every time.
"""

import math
from functools import partial

import torch
import torch.nn.functional as F
from golden_json import array, write
from torch.distributions import Independent, Normal, kl_divergence

INF, NAN = math.inf, math.nan
ORDINARY = [-5.0, -2.5, -1.0, -0.3, 0.7, 1.0, 2.2, 6.0]
TINY = [-1e-8, -1e-30, -0.0, 0.0, 1e-30, 1e-8]
FAR = [-1e30, -40.0, 40.0, 1e30]
INFINITE = [-INF, INF]

MEANING = (
    "Each case is a function of named inputs. value is its result; gradients are those of sum(upstream * "
    "value), one per input. A value agrees if |a - b| <= rtol * |b| + valueAtol (a gradient: "
    "gradientAtol), if both are NaN, or if both are the same infinity. The atol is 0 where PyTorch's own "
    "result is good to the last few bits at any magnitude, and 1e-14 where it subtracts nearly equal "
    "numbers. note says what is PyTorch's choice."
)


def f64(values):
    return torch.as_tensor(values, dtype=torch.float64).clone()


def case(name, function, inputs, params=None, value_atol=0.0, gradient_atol=0.0, note="", upstream=None):
    leaves = {n: f64(v).requires_grad_() for n, v in inputs.items()}
    value = function(*leaves.values())
    weights = torch.ones_like(value)
    if upstream is not None:
        weights = f64(upstream[: value.numel()]).reshape(value.shape)
    gradients = torch.autograd.grad(value, list(leaves.values()), weights)
    return {
        "name": name,
        "params": params or {},
        "note": note,
        "valueAtol": value_atol,
        "gradientAtol": gradient_atol,
        "inputs": {n: array(t) for n, t in leaves.items()},
        "upstream": array(weights),
        "value": array(value),
        "gradients": {n: array(g) for n, g in zip(leaves, gradients)},
    }


def elementwise():
    finite = ORDINARY + TINY + FAR
    unless_nan = finite + INFINITE  # these answer NaN with a finite gradient in PyTorch
    everywhere = finite + INFINITE + [NAN]
    zero = "At 0 the gradient is that of the negative side."
    # threshold=40: PyTorch's default returns x itself above 20, which is off by 2e-9 there.
    yield case("softplus", lambda x: F.softplus(x, threshold=40), {"x": everywhere})
    yield case("sigmoid", torch.sigmoid, {"x": everywhere}, gradient_atol=1e-14)
    yield case("tanh", torch.tanh, {"x": everywhere}, gradient_atol=1e-14)
    yield case(
        "gelu", F.gelu, {"x": finite}, {"approximate": "none"}, 1e-14, 1e-14,
        "x * Phi(x) with the exact erf; PyTorch gives NaN at infinities, which are left out.",
    )
    for alpha in (1.0, 0.7):
        note = zero + " PyTorch computes exp(x) - 1, which loses digits near 0."
        yield case("elu", partial(F.elu, alpha=alpha), {"x": unless_nan}, {"alpha": alpha}, 1e-14, note=note)
    for slope in (0.01, 0.2):
        leaky = partial(F.leaky_relu, negative_slope=slope)
        yield case("leaky_relu", leaky, {"x": unless_nan}, {"negative_slope": slope}, note=zero)
    yield case("expm1", torch.expm1, {"x": everywhere}, gradient_atol=1e-14)
    inside = [-1 + 1e-15, -0.999, -0.5, -0.1, 0.3, 1.0, 20.0, 1e30, INF, NAN]
    yield case("log1p", torch.log1p, {"x": inside + TINY})
    around = [-INF, -1e30, -3.0, -1.0, -0.5, -0.0, 0.0, 1e-30, 1.5, 2.0, 3.0, INF]
    yield case(
        "clamp", lambda x: torch.clamp(x, -1.0, 2.0), {"x": around}, {"min": -1.0, "max": 2.0},
        note="At a bound the gradient passes.",
    )


CUBE = [
    [[0.5, -1.2, 2.0, 0.1], [1.5, 1.5, -0.7, 0.0], [-3.0, 0.4, 0.9, 2.5]],
    [[0.3, 0.3, 0.3, 0.3], [-2.0, 4.0, 1e-30, -0.0], [1.1, -0.6, 5.0, -4.0]],
]
UPSTREAM = [round(math.sin(1 + i), 4) for i in range(24)]
EXTREME_ROWS = [
    [1e30, 0.0, -1e30, 1.0],
    [-1e30, -1e30, -1e30, -1e30],
    [1000.0, 1000.0, 999.0, -1000.0],
    [0.0, -INF, 1.0, -INF],
    [1e-30, -1e-30, 0.0, -0.0],
]


def over_axes():
    loose = (1e-14, 1e-14)
    for function in (torch.softmax, torch.log_softmax, torch.logsumexp):
        name = function.__name__
        for dim in (0, 1, 2):
            yield case(name, lambda x: function(x, dim), {"x": CUBE}, {"dim": dim}, *loose, "", UPSTREAM)
        rows = {"x": EXTREME_ROWS}
        yield case(name, lambda x: function(x, 1), rows, {"dim": 1}, *loose, "Extremes.", UPSTREAM)
    tied = "Elements that tie for the largest share the gradient equally."
    yield case("amax", lambda x: torch.amax(x, 2), {"x": CUBE}, {"dim": 2}, note=tied, upstream=UPSTREAM)
    ties = [[0.0, -0.0, -1.0], [2.0, 2.0, 2.0], [-INF, -INF, -1e30], [INF, 1.0, INF]]
    yield case("amax", lambda x: torch.amax(x, 1), {"x": ties}, {"dim": 1}, note=tied, upstream=UPSTREAM)


def losses_and_divergences():
    logits = [-1e30, -40.0, -5.0, -0.3, -1e-30, -0.0, 0.0, 1e-30, 0.7, 5.0, 40.0, 1e30]
    for target in (0.0, 0.25, 1.0):
        yield case(
            "bce_with_logits", partial(F.binary_cross_entropy_with_logits, reduction="none"),
            {"logits": logits, "target": [target] * len(logits)}, {"reduction": "none"}, 1e-14, 1e-14,
        )
    yield case(
        "gaussian_nll", lambda x, mean, logsigma: -Normal(mean, torch.exp(logsigma)).log_prob(x),
        {
            "x": [0.0, 1.0, 0.3, -2.0, 0.5, 1e-30, -0.0, 1e10, 0.25, 7.0, 1.0, 0.0],
            "mean": [0.0, 0.0, 0.7, 1.5, 0.5, 0.0, 0.0, 0.0, -0.25, 6.5, 1e-30, 1e30],
            "logsigma": [0.0, 0.5 * math.log(0.5), -0.3, 1.0, -5.0, 0.0, -1e-30, 2.0, -2.0, 4.0, 0.1, 60.0],
        },
        {}, 1e-14, 1e-14, "0.5 ((x - mean) / sigma)^2 + log sigma + 0.5 log(2 pi), the constant included.",
    )
    q_mean = [[0.0, 0.0, 0.0], [0.5, -1.5, 2.0], [1e-30, -0.0, 3.0], [-2.0, 1e10, 0.1]]
    q_logvar = [[0.0, 0.0, 0.0], [-1.0, 0.3, 1.0], [1e-30, -10.0, 10.0], [-30.0, 0.0, 30.0]]
    rows = [1.0, -0.5, 2.0, 0.25]

    def standard(mean, logvar):
        q = Independent(Normal(mean, torch.exp(logvar / 2)), 1)
        return kl_divergence(q, Independent(Normal(torch.zeros_like(mean), torch.ones_like(mean)), 1))

    yield case(
        "kl_standard_normal", standard, {"mean": q_mean, "logvar": q_logvar}, {}, 1e-14, 1e-14,
        "KL(N(mean, exp(logvar)) || N(0, 1)), summed over the last axis.", rows,
    )

    def between(mean, logvar, priorMean, priorLogvar):
        q = Independent(Normal(mean, torch.exp(logvar / 2)), 1)
        return kl_divergence(q, Independent(Normal(priorMean, torch.exp(priorLogvar / 2)), 1))

    yield case(
        "kl_diagonal_normals", between,
        {
            "mean": q_mean,
            "logvar": q_logvar,
            "priorMean": [[0.0, 1.0, -1.0], [0.5, -1.5, 2.0], [0.3, -0.7, 2.0], [-1.0, 0.0, 0.2]],
            "priorLogvar": [[0.0, 0.5, -0.5], [-1.0, 0.3, 1.0], [0.2, -8.0, 9.0], [-28.0, 1.0, 29.0]],
        },
        {}, 1e-14, 1e-14,
        "KL(N(mean, exp(logvar)) || N(priorMean, exp(priorLogvar))), summed over the last axis.", rows,
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = [*elementwise(), *over_axes(), *losses_and_divergences()]
    write(__file__, {"meaning": MEANING, "rtol": 1e-13, "cases": cases})
