/** Round numbers between two, about `count` of them and at least two: multiples of 1, 2 or 5 times a power of ten. */
export function linearTicks(low: number, high: number, count = 6): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = (m: number): number => Math.abs(Math.log((m * power) / rough));
  const step = power * [1, 2, 5, 10].reduce((best, m) => (distance(m) < distance(best) ? m : best));
  const first = Math.ceil(low / step);
  const found = Math.floor(high / step) - first + 1;
  if (found < 2 && high > low) return linearTicks(low, high, 2 * count);
  return Array.from({ length: found }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * Ticks of a logarithmic axis: the powers of ten, or every second, third, ... of them so that there are at most `max`. An
 * axis of less than two powers has 2 and 5 times them as well, and one with fewer than two of those any round numbers.
 */
export function logTicks(low: number, high: number, max = 7): number[] {
  const decades = Math.log10(high / low);
  const factors = decades < 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / max));
  const first = Math.floor(Math.log10(low) / every) * every;
  const ticks: number[] = [];
  for (let exponent = first; 10 ** exponent <= high * (1 + 1e-9); exponent += every) {
    for (const factor of factors) {
      const tick = Number(`${factor}e${exponent}`);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks.length < 2 && high > low ? linearTicks(low, high, Math.min(4, max)) : ticks;
}
