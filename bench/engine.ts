/** The one place where benchmarks touch what the engine may or may not have. */

/** Runs a training step so that what it makes is freed at its end, where the engine has such a thing. */
export const scoped = <T>(f: () => T): T => f();

/** Bytes that the engine holds for the values of a step; undefined where it does not say. */
export const arenaBytes = (): number | undefined => undefined;
