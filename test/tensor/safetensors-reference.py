"""Makes safetensors-reference.jsonl: headers, and whether safetensors 0.8.0 reads them.

    pip install safetensors==0.8.0 && python test/tensor/safetensors-reference.py

Each row is [header, bytes of data, whether it is read, what the format's text forbids or we do not hold all the same].
"""

import json
import pathlib
import random
import struct

from safetensors import SafetensorError, deserialize


def read_by_reference(header, data):
    encoded = header.encode("utf-8")
    try:
        deserialize(struct.pack("<Q", len(encoded)) + encoded + bytes(data))
        return True
    except SafetensorError:
        return False


def stricter(header):
    """Why we refuse a file that the reference reads."""
    twice = []

    def pairs(entries):
        names = [name for name, _ in entries]
        if len(set(names)) < len(names):
            twice.append(names)
        return dict(entries)

    parsed = json.loads(header, object_pairs_hook=pairs)
    if not header.startswith("{"):
        return "the format has the header start with '{'"
    if twice:
        return "the format forbids a name that is twice"
    for name, tensor in parsed.items():
        if name == "__metadata__":
            continue
        if not isinstance(tensor, dict) or not isinstance(tensor["dtype"], str):
            return "serde takes this form, the format does not"
        if tensor["dtype"] not in ("F32", "F64"):
            return "another dtype"
        if any(size > 2**53 - 1 for size in tensor["shape"]):
            return "a size that a float64 does not hold"
    return None


def tensor(shape="[1]", offsets="[0,4]", dtype='"F32"', more=""):
    return f'{{"dtype":{dtype},"shape":{shape},"data_offsets":{offsets}{more}}}'


def header(*entries):
    return "{" + ",".join(f'"{name}":{value}' for name, value in entries) + "}"


def one(*args, **named):
    return header(("a", tensor(*args, **named)))


EMPTY = tensor("[0]", "[0,0]")
MAX = 2**64 - 1
ROWS = [
    ("{}", 0), ("{}", 4), (" {}", 0), ("\t{}", 0), ("{} ", 0), ("{}\n\t\r ", 0), ("{}\0", 0), ("{}x", 0), ("", 0),
    ("[]", 0), ("null", 0), ("1", 0), ("\ufeff{}", 0), ("{,}", 0), ("{", 0), ('{"a"', 0), ('{"a":}', 0),
    (header(("a", tensor()), ("a", tensor())), 4),
    (header(("a", tensor()), ("a", tensor(offsets="[4,8]"))), 8),
    (header(("a", EMPTY), ("a", EMPTY)), 0),
    (header(("a", EMPTY), ("\\u0061", EMPTY)), 0),
    ('{"__metadata__":{},"__metadata__":{}}', 0), ('{"__metadata__":{"a":"1","a":"2"}}', 0),
    ('{"__metadata__":null}', 0), ('{"__metadata__":{}}', 0), ('{"__metadata__":[]}', 0), ('{"__metadata__":""}', 0),
    ('{"__metadata__":{"a":1}}', 0), ('{"__metadata__":{"a":null}}', 0), ('{"__metadata__":{"a":"\\ud800"}}', 0),
    ('{"__metadata__":{"\\udfff":"a"}}', 0), ('{"__metadata__":{"":""}}', 0),
    (header(("__metadata__", tensor())), 4), (header(("a", tensor()), ("__metadata__", '{"b":"c"}')), 4),
    (one(dtype='"F32","dtype":"F32"'), 4), (one("[1],\"shape\":[1]"), 4), (one(more=',"x":1'), 4),
    (one(more=',"x":1,"x":2'), 4), (one(more=',"x":"\\ud800"'), 4), (one(more=',"x":1e999'), 4), (one(more=',"x":1e300'), 4),
    (one(more=',"x":-1.5e-400'), 4), (one(more=',"x":tru'), 4), (one(more=',"x":[true,false,null,"",{}]'), 4),
    *[(one(more=f',"x":{"[" * n}{"]" * n}'), 4) for n in (1, 124, 125, 126, 127, 128, 200)],
    *[(one(more=f""","x":{'{"y":' * n}1{"}" * n}"""), 4) for n in (124, 125, 126)],
    ('{"a":["F32",[1],[0,4]]}', 4), ('{"a":["F32",[1]]}', 4), ('{"a":["F32",[1],[0,4],1]}', 4), ('{"a":null}', 0),
    (one(dtype='{"F32":null}'), 4), (one(dtype='"f32"'), 4), (one(dtype='"\\u004632"'), 4), (one(dtype="null"), 4),
    (one(dtype='"F32 "'), 4), (one(dtype='"BF16"', offsets="[0,2]"), 2), (one(dtype='"I64"', offsets="[0,8]"), 8),
    (one(dtype='"U8"', offsets="[0,1]"), 1), (one(dtype='"\\ud800"'), 4), (one(dtype='"F64"', offsets="[0,8]"), 8),
    *[(one(f"[{n}]", "[0,8]"), 8) for n in ("2", "2e0", "2.0", "2E+0", "02", "+2", '"2"', "-2", "0x2", "[2]", "null", "true", " 2 ")],
    *[(one(f"[{n}]", "[0,0]"), 0) for n in ("0", "-0", "00", "0e0", "0.0", "")],
    (one("[]"), 4), (one("[1,1,1,1,1,1,1,1,1]"), 4), (one("null"), 4), (one("{}"), 4), (one("1"), 4), (one("[1,]"), 4),
    (one(offsets="[0,4e0]"), 4), (one(offsets="[-0,4]"), 4), (one(offsets="[0,4,4]"), 4), (one(offsets="[4]"), 4),
    (one(offsets="[]"), 4), (one(offsets="[4,0]"), 4), (one("[0]", "[4,0]"), 4), (one(offsets="[4,8]"), 8),
    (one(offsets="null"), 4), (one(offsets=f"[0,{MAX}]"), 4), (one(offsets=f"[0,{MAX + 1}]"), 4), (one(), 3), (one(), 5),
    *[(one(shape, "[0,0]"), 0) for shape in (
        f"[0,{MAX}]", f"[0,{MAX},{MAX}]", f"[{MAX},{MAX},0]", f"[0,{MAX + 1}]", "[4294967296,4294967296,0]",
        "[4294967296,4294967295,0]", "[1099511627776,1024,0]", "[4611686018427387904,0]", "[9007199254740991,2,0]",
        "[9007199254740991,1024,0]", "[9007199254740991,4096,0]", "[0,9007199254740991,9007199254740991]", "[1,0,1]")],
    (header(("a", tensor()), ("b", tensor("[0]", "[4,4]")), ("c", tensor(offsets="[4,8]"))), 8),
    (header(("a", tensor("[2]", "[0,8]")), ("b", tensor("[0]", "[4,4]"))), 8),
    (header(("a", tensor()), ("b", tensor("[0]", "[8,8]"))), 4),
    (header(("z", EMPTY), ("a", tensor())), 4), (header(("a", tensor()), ("z", EMPTY)), 4),
    (header(("a", EMPTY), ("b", EMPTY), ("c", EMPTY)), 0), (header(("a", tensor()), ("b", tensor())), 4),
    (header(("a", tensor(offsets="[4,8]")), ("b", tensor())), 8),
    (header(("a", tensor()), ("b", tensor(offsets="[8,12]"))), 12),
    (header(("a", tensor()), ("b", tensor(offsets="[3,7]"))), 7),
    (header(("a", tensor()), ("b", tensor(offsets="[4,12]", dtype='"F64"'))), 12),
    ('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4), ('{"a":{"dtype":"F32","shape":[1]}}', 4),
    ('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4), ('{"a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}', 4),
    ('{"a":{"\\u0064type":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    ('{ "a" :\n{"dtype" : "F32",\t"shape":[ 1 ],"data_offsets":[ 0 ,\r4 ] } }', 4), (one()[:-1] + ",}", 4),
    *[(header((name, tensor())), 4) for name in (
        "", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\ud83d\\ud83d", "\\ud83dx", "\U0001f600", "a\nb", "a\x7fb", "\\n", "\\x",
        "\\u00g0", "\\u0000", "\\/", "__proto__", "constructor", "0", "é", "a\u2028b", "\\")],
]

ALPHABET = ['"', "[", "]", "{", "}", ",", ":", "0", "1", "4", "8", "-", ".", "e", " ", "\\", "a", "F64", "\\ud800", "null"]


def mutated(random):
    text, data = random.choice([row for row in ROWS if 20 < len(row[0]) < 200])
    for _ in range(random.choice((1, 1, 2))):
        at = random.randrange(len(text) + 1)
        kind = random.randrange(3)
        added = "" if kind == 0 else random.choice(ALPHABET)
        text = text[:at] + added + text[at + (kind != 1):]
    return text, data


def generated(random):
    """Tensors one after another, now and then with an offset, a size or an order that is off."""
    end, entries = 0, []
    for i in range(random.randrange(4)):
        dtype, width = random.choice((("F32", 4), ("F64", 8)))
        shape = [random.randrange(4) for _ in range(random.randrange(4))]
        begin = end
        for_elements = 1
        for size in shape:
            for_elements *= size
        end += width * for_elements
        off = random.choice((0,) * 12 + (1, -1, width))
        name = random.choice(("a", "b", "c")) + str(i if random.random() < 0.9 else 0)
        entries.append((name, tensor(json.dumps(shape), f"[{begin},{max(0, end + off)}]", f'"{dtype}"')))
    if random.random() < 0.5:
        entries.append(("__metadata__", random.choice(('{"k":"v"}', "{}", "null", '{"k":1}'))))
    random.shuffle(entries)
    space = random.choice(("", "", " ", "\n"))
    return header(*entries) + space, max(0, end + random.choice((0,) * 9 + (1,)))


source = random.Random(0)
every = dict.fromkeys([*ROWS, *(mutated(source) for _ in range(350)), *(generated(source) for _ in range(250))])
rows = []
for text, data in every:
    accepted = read_by_reference(text, data)
    rows.append([text, data, accepted, stricter(text) if accepted else None])
lines = "".join(json.dumps(row) + "\n" for row in rows)
pathlib.Path(__file__).with_suffix(".jsonl").write_text(lines)
