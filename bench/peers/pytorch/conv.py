"""The layers of the suite conv in PyTorch; threads come from OMP_NUM_THREADS and OPENBLAS_NUM_THREADS."""
import json
import sys

import torch

from sample import sample

KERNEL = 3
settings = json.loads(sys.argv[1])
batch = settings["batch"]
readings = []
for layer in settings["layers"]:
    transposed, inputs, outputs = layer["transposed"], layer["inputs"], layer["outputs"]
    size, stride = layer["size"], layer["stride"]
    out = size * stride if transposed else -(-size // stride)
    x = torch.randn(batch, inputs, size, size)
    g = torch.randn(batch, outputs, out, out)
    weight = torch.randn(*([inputs, outputs] if transposed else [outputs, inputs]), KERNEL, KERNEL)
    extra = stride - 1 if transposed else 0
    windows = ([stride, stride], [1, 1], [1, 1], transposed, [extra, extra], 1)

    def gradient(mask):
        return torch.ops.aten.convolution_backward(g, x, weight, None, *windows, mask)

    passes = {
        "forward": lambda: torch.convolution(x, weight, None, *windows),
        "input gradient": lambda: gradient([True, False, False]),
        "weight gradient": lambda: gradient([False, True, False]),
    }
    name = f"{'convT' if transposed else 'conv'} {inputs}->{outputs}, {size}x{size} / {stride}"
    with torch.no_grad():
        for label, call in passes.items():
            seconds = sample(call, settings["seconds"])
            readings.append({"row": f"{name}, {label}", "values": {"seconds": seconds}})
print(json.dumps(readings))
