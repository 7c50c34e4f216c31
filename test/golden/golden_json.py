"""Shared by the scripts beside it: tensors to plain values, and a JSON layout that the formatter accepts.

Not run by itself.
"""

import json
import math
import re
from pathlib import Path

import torch

WIDTH = 110


def array(tensor):
    """A tensor as {shape, data}, row-major. Infinities and NaN become strings: JSON has no word for them."""
    tensor = tensor.detach()
    assert tensor.dtype == torch.float64, tensor.dtype
    return {"shape": list(tensor.shape), "data": [number(v) for v in tensor.flatten().tolist()]}


def number(value):
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def write(script, content):
    """Writes content to script's name with .json, with the version of PyTorch that made it."""
    path = Path(script).with_suffix(".json")
    document = {"madeBy": Path(script).name, "torch": torch.__version__, **content}
    path.write_text(layout(document, "") + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


def layout(value, indent, used=0):
    """value as JSON text. used: the columns its first line already holds, including a comma after it."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        lines = []
        for key, item in value.items():
            start = f"{inner}{json.dumps(key)}: "
            lines.append(start + layout(item, inner, len(start) + 1))
        return "{\n" + ",\n".join(lines) + "\n" + indent + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(inner + layout(item, inner) for item in value) + "\n" + indent + "]"
    if isinstance(value, list):
        items = [scalar(item) for item in value]
        line = "[" + ", ".join(items) + "]"
        if used + len(line) <= WIDTH:
            return line
        only_numbers = not any(isinstance(item, (str, bool)) for item in value)
        lines = fill(items, inner) if only_numbers else ",\n".join(inner + item for item in items)
        return f"[\n{lines}\n{indent}]"
    return scalar(value)


def scalar(value):
    """Floats with the fewest digits that read back to the same bits, exponents as 1e-5 and not 1e-05."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, float):
        return text
    return re.sub(r"e([+-])0*", lambda m: "e-" if m[1] == "-" else "e", text)


def fill(items, indent):
    """Items on as few lines as WIDTH allows."""
    lines = [indent]
    for position, item in enumerate(items):
        text = item + ("," if position < len(items) - 1 else "")
        gap = "" if lines[-1] == indent else " "
        if gap and len(lines[-1] + gap + text) > WIDTH:
            lines.append(indent + text)
        else:
            lines[-1] += gap + text
    return "\n".join(lines)
