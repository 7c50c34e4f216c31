/** Two numbers on one axis stand at least so far apart, in pixels, when they are beside or above one another. */
const SPACE = { x: 56, y: 22 } as const;

/** The power of ten that a number is; null where it is none. */
function powerOf(value: number): number | null {
  const exponent = Math.log10(value);
  const whole = Math.round(exponent);
  return Math.abs(exponent - whole) < 1e-6 ? whole : null;
}

/**
 * Which of the places of a logarithmic axis have room for a number: every power of ten, or every second one, third one, ...;
 * on an axis of less than two powers also 2 and 5. The others become null.
 * @param splits every place that could have one, rising
 * @param pixels length of the axis
 */
export function logTicks(
  splits: readonly number[],
  pixels: number,
  direction: keyof typeof SPACE,
): (number | null)[] {
  if (splits.length === 0) return [];
  const decades = Math.log10(splits[splits.length - 1] / splits[0]);
  if (decades < 2) {
    const leading = (value: number): number =>
      Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toFixed(6));
    return splits.map((value) => ([1, 2, 5].includes(leading(value)) ? value : null));
  }
  const every = Math.max(1, Math.ceil((SPACE[direction] * decades) / pixels));
  return splits.map((value) => {
    const exponent = powerOf(value);
    return exponent !== null && exponent % every === 0 ? value : null;
  });
}
