"""The trainings of the suite epoch in PyTorch; threads come from OMP_NUM_THREADS and OPENBLAS_NUM_THREADS."""
import json
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# Hidden widths, latent dimensions, likelihood, and channels of convolutions: as bench/measure/epoch.ts has them.
MODELS = {
    "latent2": ([512, 256], 2, "gaussian", []),
    "latent20": ([400], 20, "bernoulli", []),
    "conv2": ([16], 2, "bernoulli", [32, 64]),
    "conv32": ([256], 64, "gaussian", [32, 64, 128]),
}
LAST = 10

settings = json.loads(sys.argv[1])
images, epoch, batch = settings["images"], settings["epoch"], settings["batch"]
pixels = np.fromfile(images["path"], dtype=np.uint8)


def read(shape):
    """All of the images as numbers from the start: the form that suits PyTorch best."""
    features = int(np.prod(shape))
    count = len(pixels) // features
    return torch.from_numpy(pixels[: count * features].reshape(count, features)).float() / 255


def chain(sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return layers


def convolutions(shape, hidden, latent, channels):
    """An encoder of convolutions with stride 2, and a decoder of transposed ones that ends in a convolution."""
    first, side = shape[0], shape[1]
    small = side // 2 ** len(channels)
    flat = channels[-1] * small**2
    encoder = []
    for inputs, outputs in zip([first, *channels], channels):
        encoder += [nn.Conv2d(inputs, outputs, 3, 2, 1), nn.ReLU()]
    decoder = [nn.Linear(latent, flat), nn.ReLU(), nn.Unflatten(1, (channels[-1], small, small))]
    for inputs, outputs in zip([channels[-1], *channels[:0:-1]], channels[::-1]):
        decoder += [nn.ConvTranspose2d(inputs, outputs, 3, 2, 1, 1), nn.ReLU()]
    decoder += [nn.Conv2d(channels[0], first, 3, 1, 1), nn.Flatten()]
    return [nn.Unflatten(1, shape), *encoder, nn.Flatten(), *chain([flat, *hidden])], decoder


class VAE(nn.Module):
    def __init__(self, shape, hidden, latent, likelihood, channels):
        super().__init__()
        features = int(np.prod(shape))
        if channels:
            encoder, decoder = convolutions(shape, hidden, latent, channels)
        else:
            encoder = chain([features, *hidden])
            decoder = [*chain([latent, *hidden[::-1]]), nn.Linear(hidden[0], features)]
        self.encoder = nn.Sequential(*encoder)
        self.mean = nn.Linear(hidden[-1], latent)
        self.logvar = nn.Linear(hidden[-1], latent)
        self.decoder = nn.Sequential(*decoder)
        self.likelihood = likelihood

    def loss(self, x, epsilon):
        h = self.encoder(x)
        mean, logvar = self.mean(h), self.logvar(h)
        output = self.decoder(mean + torch.exp(0.5 * logvar) * epsilon)
        if self.likelihood == "gaussian":
            reconstruction = F.mse_loss(torch.sigmoid(output), x, reduction="sum")
        else:
            reconstruction = F.binary_cross_entropy_with_logits(output, x, reduction="sum")
        kl = -0.5 * torch.sum(1 + logvar - mean.pow(2) - logvar.exp())
        return (reconstruction + kl) / x.shape[0]


def train(name, steps, warmup):
    torch.manual_seed(0)
    hidden, latent, likelihood, channels = MODELS[name]
    shape = (3, 32, 32) if name == "conv32" else (1, images["rows"], images["columns"])
    data = read(shape)
    vae = VAE(shape, hidden, latent, likelihood, channels)
    adam = torch.optim.Adam(vae.parameters(), lr=1e-3)
    turn, whole = -(-len(data) // batch), -(-epoch // batch)
    order = torch.randperm(len(data))
    phases = dict.fromkeys(["data", "forward", "backward", "update"], 0.0)
    losses = []

    def step(number):
        """One step; returns how many examples it took."""
        at = (number % turn) * batch
        start = time.perf_counter()
        x = data[order[at : at + batch]]
        epsilon = torch.randn(len(x), latent)
        drawn = time.perf_counter()
        loss = vae.loss(x, epsilon)
        losses.append(loss.item())
        computed = time.perf_counter()
        adam.zero_grad(set_to_none=True)
        loss.backward()
        derived = time.perf_counter()
        adam.step()
        done = time.perf_counter()
        for phase, spent in zip(phases, [drawn - start, computed - drawn, derived - computed, done - derived]):
            phases[phase] += spent
        return len(x)

    for i in range(warmup):
        step(i)
    for phase in phases:
        phases[phase] = 0.0
    measured = min(steps, whole)
    cpu = time.process_time()
    start = time.perf_counter()
    examples = sum(step(i) for i in range(measured))
    elapsed = time.perf_counter() - start
    cpu = time.process_time() - cpu
    scale = epoch / examples
    recent = losses[-LAST:]
    return {
        "row": name,
        "note": "whole" if measured == whole else f"{measured} of {whole} steps",
        "values": {
            "seconds": elapsed * scale,
            "cpu": cpu * scale,
            **{phase: spent * scale for phase, spent in phases.items()},
            "loss": sum(recent) / len(recent),
        },
    }


print(json.dumps([train(**model) for model in settings["models"]]))
