let writes = 0;

/** How many writes into existing tensors there have been: a clock, by which a record tells what was written after it. */
export const writeCount = (): number => writes;

/** Counts one write more, and returns its number. */
export const countWrite = (): number => ++writes;
