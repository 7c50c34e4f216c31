"""The products of the suite matmul in NumPy; threads come from OPENBLAS_NUM_THREADS."""
import json
import statistics
import sys
import time

import numpy as np

settings = json.loads(sys.argv[1])
random = np.random.default_rng(0)


def sample(call, seconds):
    """Median seconds of a call, after a warm-up of a third of the time; three calls at the least."""
    block, warm = 1, time.perf_counter() + seconds / 3

    def timed():
        start = time.perf_counter()
        for _ in range(block):
            call()
        return time.perf_counter() - start

    while True:
        if timed() < 2e-4:
            block *= 2
        if time.perf_counter() >= warm:
            break
    samples, end = [], time.perf_counter() + seconds
    while len(samples) < 3 or time.perf_counter() < end:
        samples.append(timed() / block)
    return statistics.median(samples)


def reading(product):
    m, k, n = product["m"], product["k"], product["n"]
    a = random.standard_normal((k, m) if product["transposeA"] else (m, k), dtype=np.float32)
    b = random.standard_normal((k, n), dtype=np.float32)
    left = a.T if product["transposeA"] else a
    return {"row": f"{m}x{k}x{n}", "values": {"seconds": sample(lambda: left @ b, settings["seconds"])}}


print(json.dumps([reading(product) for product in settings["products"]]))
