/** Runs a generator to its end, for what it returns. */
export function complete<T>(parts: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
  }
}
