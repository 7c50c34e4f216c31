"""How long a call takes, as bench/measure/sample.ts has it."""
import statistics
import time


def sample(call, seconds):
    """Median seconds of a call, after a warm-up of a third of the time; three calls at the least."""
    warm = time.perf_counter() + seconds / 3
    while time.perf_counter() < warm:
        call()
    samples, end = [], time.perf_counter() + seconds
    while len(samples) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples)
