/**
 * base^n for an integer n >= 0, by repeated squaring: only multiplications, so that every engine gives the same
 * bits, which Math.pow does not promise.
 */
export function integerPower(base: number, n: number): number {
  let power = 1;
  for (let square = base, rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power *= square;
    square *= square;
  }
  return power;
}
