"""Training steps of a small variational autoencoder: every intermediate value and every gradient.

Run: python3 test/golden/vae_step.py
Writes vae_step.json beside this file, the same bytes every time.
"""

import math
from random import Random

import torch
import torch.nn.functional as F
from golden_json import array, write
from torch import nn

BATCH, PIXELS, LATENT = 5, 12, 3
LR = 1e-3
LOG_SIGMA = -0.3  # where the learned log sigma starts

MODEL = (
    "encoder = Linear(12, 8), act, Linear(8, 6), act; mean = Linear(6, 3); logvar = Linear(6, 3), not "
    "bounded; z = mean + exp(logvar / 2) * epsilon; decoder = Linear(3, 6), act, Linear(6, 8), act, "
    "Linear(8, 12), giving logits. A Linear computes x W^T + b. All terms are in nats per example: a sum "
    "over dimensions, then a mean over the batch. loss = reconstruction + beta * kl, kl = -0.5 * sum(1 + "
    "logvar - mean^2 - exp(logvar)) / batch. bernoulli: reconstruction = binary cross-entropy with "
    "logits. gaussian: with m = sigmoid(logits), reconstruction = sum(0.5 * ((x - m) / sigma)^2 + log "
    "sigma + 0.5 * log(2 pi)) / batch; sigma is fixed, or the exponential of the learned scalar "
    "likelihood.logsigma. Gradients are of the loss at the starting weights. step1 and step3 are the "
    "weights after one and after three Adam steps (lr 1e-3, betas 0.9 and 0.999, eps 1e-8) on the same "
    "batch and epsilon; losses are the losses that the three steps saw."
)

CASES = [
    dict(name="bernoulli", activation="relu", likelihood="bernoulli", beta=1.0, sigma=None),
    dict(name="bernoulli beta 4", activation="relu", likelihood="bernoulli", beta=4.0, sigma=None),
    dict(name="bernoulli tanh", activation="tanh", likelihood="bernoulli", beta=1.0, sigma=None),
    dict(name="gaussian", activation="relu", likelihood="gaussian", beta=1.0, sigma=math.sqrt(0.5)),
    dict(name="gaussian learned sigma", activation="relu", likelihood="gaussian", beta=1.0, sigma="learned"),
]


def uniform(random, low, high, *shape):
    """Four decimals, from Python's own generator: short numbers that no version of PyTorch changes."""
    values = [round(random.uniform(low, high), 4) for _ in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def make_inputs():
    random = Random(20)
    x = uniform(random, 0, 1, BATCH, PIXELS)
    x[:, 0], x[:, 5], x[1, 3:8], x[3, 9:] = 0.0, 1.0, 0.0, 1.0  # ink and paper are exact, as in images
    epsilon = [[round(random.gauss(0, 1), 4) for _ in range(LATENT)] for _ in range(BATCH)]
    return x, torch.tensor(epsilon)


class Vae(nn.Module):
    def __init__(self, activation):
        super().__init__()
        act = {"relu": nn.ReLU, "tanh": nn.Tanh}[activation]
        self.encoder = nn.Sequential(nn.Linear(PIXELS, 8), act(), nn.Linear(8, 6), act())
        self.mean = nn.Linear(6, LATENT)
        self.logvar = nn.Linear(6, LATENT)
        self.decoder = nn.Sequential(
            nn.Linear(LATENT, 6), act(), nn.Linear(6, 8), act(), nn.Linear(8, PIXELS)
        )

    def forward(self, x, epsilon):
        hidden = self.encoder(x)
        mean, logvar = self.mean(hidden), self.logvar(hidden)
        z = mean + torch.exp(logvar / 2) * epsilon
        return {"mean": mean, "logvar": logvar, "z": z, "logits": self.decoder(z)}


class Gaussian(nn.Module):
    def __init__(self):
        super().__init__()
        self.logsigma = nn.Parameter(torch.tensor(LOG_SIGMA))


def make_weights():
    """Seed and scale were picked so that no ReLU sits near its kink, most units are live and one is dead."""
    random = Random(168)
    weights = {}
    for name, parameter in Vae("relu").named_parameters():
        bound = 0.3 if name.endswith("bias") else 2.5 / math.sqrt(parameter.shape[1])
        weights[name] = uniform(random, -bound, bound, *parameter.shape)
    return weights


def make_model(case, weights):
    model = Vae(case["activation"])
    model.load_state_dict(weights)
    if case["sigma"] == "learned":
        model.likelihood = Gaussian()
    return model


def objective(model, case, x, out):
    """reconstruction and kl per example, both [batch]."""
    if case["likelihood"] == "bernoulli":
        terms = F.binary_cross_entropy_with_logits(out["logits"], x, reduction="none")
    else:
        learned = case["sigma"] == "learned"
        logsigma = model.likelihood.logsigma if learned else torch.tensor(math.log(case["sigma"]))
        residual = (x - torch.sigmoid(out["logits"])) / torch.exp(logsigma)
        terms = 0.5 * residual**2 + logsigma + 0.5 * math.log(2 * math.pi)
    kl = -0.5 * (1 + out["logvar"] - out["mean"] ** 2 - torch.exp(out["logvar"]))
    return terms.sum(1), kl.sum(1)


def parameters_of(model):
    return {name: array(p) for name, p in model.named_parameters()}


def check_kinks(model, x, z):
    """Refuses weights that put a ReLU's input next to its kink, where rounding could decide a gradient."""
    for part, value in ((model.encoder, x), (model.decoder, z)):
        for layer in part:
            assert not isinstance(layer, nn.ReLU) or value.abs().min() > 1e-3, value.abs().min()
            value = layer(value)


def run(case, x, epsilon, weights):
    model = make_model(case, weights)
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    result = {**case, "extraWeights": {n: v for n, v in parameters_of(model).items() if n not in weights}}
    losses, after = [], {}
    for step in (1, 2, 3):
        optimizer.zero_grad()
        out = model(x, epsilon)
        check_kinks(model, x, out["z"])
        for name in ("mean", "logvar", "z", "logits"):
            out[name].retain_grad()
        per_example = objective(model, case, x, out)
        reconstruction, kl = per_example[0].mean(), per_example[1].mean()
        loss = reconstruction + case["beta"] * kl
        loss.backward()
        if step == 1:
            result["intermediates"] = {name: array(t) for name, t in out.items()}
            result["perExample"] = {"reconstruction": array(per_example[0]), "kl": array(per_example[1])}
            result |= {"loss": loss.item(), "reconstruction": reconstruction.item(), "kl": kl.item()}
            result["intermediateGradients"] = {name: array(t.grad) for name, t in out.items()}
            result["gradients"] = {name: array(p.grad) for name, p in model.named_parameters()}
        optimizer.step()
        losses.append(loss.item())
        after[f"step{step}"] = parameters_of(model)
    return {**result, "losses": losses, "step1": after["step1"], "step3": after["step3"]}


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    x, epsilon = make_inputs()
    weights = make_weights()
    write(
        __file__,
        {
            "model": MODEL,
            "lr": LR,
            "x": array(x),
            "epsilon": array(epsilon),
            "weights": {name: array(w) for name, w in weights.items()},
            "cases": [run(case, x, epsilon, weights) for case in CASES],
        },
    )
