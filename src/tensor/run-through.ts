/** Runs a generator to its end and returns its result. */
export function runThrough<T>(parts: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
  }
}
