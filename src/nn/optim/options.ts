/** @throws RangeError unless `value` is finite and from `least` on. */
export function checkAtLeast(value: number, least: number, who: string, option: string): void {
  if (Number.isFinite(value) && value >= least) return;
  throw new RangeError(`${who}: ${option} is ${value}; it must be a finite number of ${least} or more`);
}

/** @throws RangeError unless `value` is finite and above 0. */
export function checkPositive(value: number, who: string, option: string): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new RangeError(`${who}: ${option} is ${value}; it must be a finite number greater than 0`);
}

/** @throws RangeError unless `value` is in [0, 1). */
export function checkBelowOne(value: number, who: string, option: string): void {
  if (value >= 0 && value < 1) return;
  throw new RangeError(`${who}: ${option} is ${value}; it must be from 0 to less than 1`);
}
