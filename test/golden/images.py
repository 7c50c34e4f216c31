"""Values and gradients of PyTorch's functions of images: convolutions, pooling, normalization, resizing, padding.

Run: python3 test/golden/images.py
Writes images.json beside this file, the same bytes every time.
"""

import random

import torch
import torch.nn.functional as F
from functions import case
from golden_json import array, write

MEANING = (
    "Each case is a function of named inputs with PyTorch's arguments in params. value is its result; gradients are "
    "those of sum(upstream * value), one per input. running holds the statistics of a BatchNorm2d after "
    "each of two batches in training mode, and what it makes of the first batch in evaluation mode after both."
)


def draw(seed, *shape):
    generator = random.Random(seed)
    count = 1
    for size in shape:
        count *= size
    # Distinct, so that no two pixels tie; of few digits, so that the file is small.
    values = [(i + 1 + generator.random() / 2) * (1 if generator.random() < 0.5 else -1) / count for i in range(count)]
    generator.shuffle(values)
    return torch.tensor([round(value, 4) for value in values], dtype=torch.float64).reshape(shape)


UPSTREAM = draw(1, 2000).tolist()


def of(function, note="", **inputs):
    """A case of a function of torch.nn.functional: what is no tensor among its inputs is one of its params."""
    tensors = {n: v for n, v in inputs.items() if isinstance(v, torch.Tensor)}
    params = {n: v for n, v in inputs.items() if not isinstance(v, torch.Tensor)}
    # The input comes by position: its name differs from function to function.
    call = lambda x, *others: function(x, **dict(zip(list(tensors)[1:], others)), **params)
    return case(function.__name__, call, tensors, params, note=note, upstream=UPSTREAM)


def convolutions():
    def conv(x, weight, note, bias=True, **params):
        tensors = {"x": draw(2, *x), "weight": draw(3, *weight)}
        if bias:
            tensors["bias"] = draw(4, weight[0])
        return of(F.conv2d, note, **tensors, **params)

    yield conv([2, 3, 5, 7], [4, 3, 3, 3], "odd sizes")
    yield conv([2, 3, 5, 7], [2, 3, 3, 2], "per axis", stride=[2, 1], padding=[1, 2], dilation=[1, 2])
    yield conv([1, 2, 9, 8], [3, 2, 2, 2], "stride above kernel", stride=[4, 3])
    yield conv([2, 1, 2, 3], [2, 1, 5, 4], "kernel above image", padding=[2, 1])
    yield conv([2, 4, 5, 5], [4, 1, 3, 3], "groups = channels", groups=4, padding=1)
    yield conv([2, 4, 5, 4], [6, 2, 3, 2], "groups", groups=2, stride=2, padding=1, bias=False)
    yield conv([1, 3, 4, 4], [2, 3, 1, 1], "batch 1, a kernel of 1")
    yield conv([0, 3, 5, 5], [2, 3, 3, 3], "empty batch", stride=2)
    yield conv([2, 2, 4, 5], [2, 2, 2, 4], "same, of an even kernel", padding="same")
    yield conv([1, 2, 5, 7], [2, 2, 3, 2], "same, dilated", padding="same", dilation=2)
    signal = {"x": draw(5, 2, 3, 9), "weight": draw(6, 4, 3, 3), "bias": draw(7, 4)}
    yield of(F.conv1d, "a signal", **signal, stride=2, padding=1)
    yield of(F.conv1d, "same", **signal, padding="same", dilation=3)


def transposed():
    def conv(x, weight, note, bias=True, groups=1, **params):
        tensors = {"x": draw(8, *x), "weight": draw(9, *weight)}
        if bias:
            tensors["bias"] = draw(10, weight[1] * groups)
        return of(F.conv_transpose2d, note, **tensors, groups=groups, **params)

    yield conv([2, 3, 3, 4], [3, 2, 3, 3], "odd sizes")
    yield conv([1, 2, 3, 3], [2, 3, 3, 3], "twice as large", stride=2, padding=1, output_padding=1)
    yield conv([2, 3, 2, 3], [3, 2, 2, 3], "stride above kernel", stride=[4, 5], output_padding=[3, 1])
    yield conv([2, 2, 1, 2], [2, 1, 4, 5], "kernel above image", padding=[1, 2])
    yield conv([2, 4, 3, 3], [4, 1, 3, 3], "groups = channels", groups=4, stride=2)
    yield conv([1, 4, 3, 2], [4, 3, 2, 2], "groups", groups=2, dilation=[3, 1], output_padding=[2, 0], bias=False)
    yield conv([0, 2, 3, 3], [2, 2, 3, 3], "empty batch", stride=2)


def pooling():
    yield of(F.max_pool2d, "halves", x=draw(11, 2, 2, 5, 6), kernel_size=2)
    yield of(F.max_pool2d, "overlapping", x=draw(12, 1, 2, 5, 6), kernel_size=3, stride=2, padding=1)
    yield of(F.max_pool2d, "per axis", x=draw(13, 1, 2, 7, 5), kernel_size=[3, 2], stride=[1, 3], padding=[1, 0], dilation=[2, 1])
    ties = torch.tensor([[0, 0, 0, 1], [0, 0, 1, 1], [2, 0, 1, 1], [0, 2, 0, 0]], dtype=torch.float64).reshape(1, 1, 4, 4)
    yield of(F.max_pool2d, "of those that tie the first", x=ties, kernel_size=2)
    yield of(F.max_pool2d, "empty batch", x=draw(14, 0, 2, 4, 4), kernel_size=2)
    yield of(F.avg_pool2d, "halves", x=draw(15, 2, 2, 5, 6), kernel_size=2)
    yield of(F.avg_pool2d, "padding counts", x=draw(16, 1, 2, 5, 4), kernel_size=[3, 2], stride=2, padding=1)
    yield of(F.avg_pool2d, "padding left out", x=draw(17, 1, 2, 5, 4), kernel_size=3, stride=[1, 2], padding=1, count_include_pad=False)


def resizing():
    yield of(F.interpolate, x=draw(18, 1, 2, 2, 3), scale_factor=2, mode="nearest")
    yield of(F.interpolate, x=draw(19, 1, 1, 5, 4), size=[3, 7], mode="nearest")
    yield of(F.interpolate, x=draw(20, 1, 2, 2, 3), scale_factor=2, mode="bilinear")
    yield of(F.interpolate, x=draw(21, 1, 2, 3, 4), scale_factor=[1.5, 2.5], mode="bilinear")
    yield of(F.interpolate, x=draw(22, 1, 1, 5, 4), size=[3, 7], mode="bilinear")
    yield of(F.interpolate, x=draw(23, 1, 1, 3, 4), size=[5, 1], mode="bilinear", align_corners=True)
    for mode in ("constant", "reflect"):
        # In pairs from the last axis to the first.
        yield of(F.pad, x=draw(24, 2, 1, 3, 4), pad=[2, 1, 0, 2], mode=mode)
    yield of(F.unfold, x=draw(25, 2, 2, 4, 5), kernel_size=[2, 3], stride=[1, 2], padding=[0, 1])
    yield of(F.unfold, x=draw(26, 1, 2, 5, 5), kernel_size=2, dilation=3)
    yield of(F.fold, x=draw(27, 2, 8, 6), output_size=[4, 5], kernel_size=[2, 2], stride=[2, 1], padding=[1, 0], dilation=[1, 3])


def normalization():
    channels = {"weight": draw(28, 4), "bias": draw(29, 4)}
    for x in ([3, 4, 2, 3], [1, 4, 3, 3], [5, 4]):
        for given in (channels, {}):
            note = "training, affine" if given else "training"
            call = lambda x, *affine: F.batch_norm(x, None, None, *affine, training=True)
            yield case("batch_norm", call, {"x": draw(30, *x), **given}, {}, note=note, upstream=UPSTREAM)
    mean, variance = draw(31, 4), draw(32, 4).abs()
    call = lambda x, *affine: F.batch_norm(x, mean, variance, *affine)
    params = {"mean": mean.tolist(), "variance": variance.tolist()}
    for x, note in (([2, 4, 2, 2], "evaluation"), ([0, 4, 2, 2], "evaluation, empty batch")):
        yield case("batch_norm", call, {"x": draw(33, *x), **channels}, params, note=note, upstream=UPSTREAM)
    for groups, x in ((2, [2, 4, 3, 2]), (4, [1, 4, 2, 3]), (1, [3, 4, 2])):
        yield of(F.group_norm, x=draw(34, *x), **channels, num_groups=groups)
    yield of(F.group_norm, x=draw(35, 2, 4, 3, 2), num_groups=2, eps=0.1)


def running():
    layer = torch.nn.BatchNorm2d(2, momentum=0.3).double()
    batches = [draw(36, 3, 2, 2, 2), draw(37, 2, 2, 3, 1)]
    after = []
    for batch in batches:
        layer(batch)
        after.append({"mean": array(layer.running_mean), "variance": array(layer.running_var)})
    return {
        "momentum": layer.momentum,
        "batches": [array(batch) for batch in batches],
        "after": after,
        "evaluated": array(layer.eval()(batches[0])),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = [*convolutions(), *transposed(), *pooling(), *resizing(), *normalization()]
    write(__file__, {"meaning": MEANING, "rtol": 1e-12, "running": running(), "cases": cases})
