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

/** @throws TypeError when the caller gave an option that is not one of `known`: a misspelt one would do nothing. */
export function checkKnown(options: object, known: readonly string[], who: string): void {
  const stranger = Object.keys(options).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    throw new TypeError(`${who}: there is no option '${stranger}'; there are ${known.join(', ')}`);
  }
}
