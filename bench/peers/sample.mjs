/**
 * Median seconds of a call: for `seconds`, after a warm-up of a third of it, three calls at the least.
 * @param {() => void | Promise<void>} call ends when its work is done, not when it is queued
 * @param {number} seconds
 */
export async function sample(call, seconds) {
  const timed = async (calls) => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) {
      const pending = call();
      if (pending !== undefined) await pending;
    }
    return (performance.now() - start) / 1000;
  };
  let block = 1;
  const warm = performance.now() + (seconds * 1000) / 3;
  do {
    if ((await timed(block)) < 2e-4) block *= 2;
  } while (performance.now() < warm);
  const samples = [];
  const end = performance.now() + seconds * 1000;
  while (samples.length < 3 || performance.now() < end) samples.push((await timed(block)) / block);
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Standard normal numbers by Box and Muller: what they are does not matter, only that they are not all alike. */
export function gaussian(count) {
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()),
  );
}
