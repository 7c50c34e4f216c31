/** Milliseconds that are looked at together; short, so that some of them are free of other programs. */
export const SLOT = 20;

/** Flop done by one thread in each slot of the clock, by the slot's number. */
export type Slots = ReadonlyMap<number, number>;

/**
 * What threads did together in their best slot, in flop per second. Other programs only ever take from a ceiling, so
 * the best is nearest to it; a slot counts as a whole, so what threads do is added up only where it was simultaneous.
 * @throws RangeError when no slot lies wholly within the time of all threads.
 */
export function bestRate(threads: readonly Slots[]): number {
  const first = Math.max(...threads.map((slots) => Math.min(...slots.keys())));
  const last = Math.min(...threads.map((slots) => Math.max(...slots.keys())));
  const rates: number[] = [];
  // The first and last ones are cut by the start and the end.
  for (let slot = first + 1; slot < last; slot++) {
    const flop = threads.reduce((total, slots) => total + (slots.get(slot) ?? 0), 0);
    rates.push((flop / SLOT) * 1000);
  }
  if (rates.length === 0) throw new RangeError('limit: the threads had no time in common; give more seconds');
  return Math.max(...rates);
}
