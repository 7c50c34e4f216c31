"""The ops of bench/measure/ops.ts in PyTorch, row by row; threads come from OMP_NUM_THREADS."""
import json
import sys

import torch
from torch.nn import functional as F

from sample import sample

SIDE = 1024
settings = json.loads(sys.argv[1])
threads = torch.get_num_threads()
x = torch.randn(SIDE, SIDE)
cube, plane = torch.randn(64, 128, 128), torch.randn(64, 1, 128)
pair = [torch.randn(SIDE // 2, SIDE) for _ in range(2)]
inner = torch.randn(SIDE - 2, SIDE - 2)
positive = x.exp()
indices = torch.arange(SIDE) * 7919 % SIDE
# Views are made contiguous: a result of ours always is.
rows = {
    "slice [1:, 1:]": lambda: x[1:, 1:].contiguous(),
    "slice [:, ::2]": lambda: x[:, ::2].contiguous(),
    "unslice, a border of zeros": lambda: F.pad(inner, (1, 1, 1, 1)),
    "transpose": lambda: x.t().contiguous(),
    "permute 0 2 1": lambda: cube.permute(0, 2, 1).contiguous(),
    "permute 1 2 0": lambda: cube.permute(1, 2, 0).contiguous(),
    "concat, axis 1": lambda: torch.cat(pair, 1),
    "stack, last axis": lambda: torch.stack(pair, -1),
    "broadcast, middle axis": lambda: plane.expand(64, 128, 128).contiguous(),
    "add, broadcast middle axis": lambda: cube + plane,
    "gather, axis 0": lambda: x.index_select(0, indices),
    "gather, axis 1": lambda: x.index_select(1, indices),
    "scatterAdd, axis 0": lambda: torch.zeros(SIDE, SIDE).index_add_(0, indices, x),
    "scatterAdd, axis 1": lambda: torch.zeros(SIDE, SIDE).index_add_(1, indices, x),
    "sum, axis 0": lambda: x.sum(0),
    "sum, axis 1": lambda: x.sum(1),
    "sum, axes 0 2": lambda: cube.sum((0, 2)),
    "mean, all": lambda: x.mean(),
    "max, axis 0": lambda: x.amax(0),
    "max, axis 1": lambda: x.amax(1),
    "max, middle axis": lambda: cube.amax(1),
    "softmax, axis 0": lambda: x.softmax(0),
    "softmax, axis 1": lambda: x.softmax(1),
    "softmax, middle axis": lambda: cube.softmax(1),
    "logSoftmax, axis 0": lambda: x.log_softmax(0),
    "exp": lambda: x.exp(),
    "log": lambda: positive.log(),
    "tanh": lambda: x.tanh(),
    "sigmoid": lambda: x.sigmoid(),
    "sin": lambda: x.sin(),
    "cos": lambda: x.cos(),
    "gelu": lambda: F.gelu(x),
    "pow 2": lambda: x.pow(2),
}
suffix = f", {threads} thread{'s' if threads > 1 else ''}"
readings = [
    {"row": name + suffix, "values": {"seconds": sample(call, settings["seconds"])}} for name, call in rows.items()
]
print(json.dumps(readings))
