/** Sizes that kernels share. This file imports nothing, so that a bundler can write the numbers where they are used. */

/** Bytes of a float32, or of an integer of 32 bits. */
export const FLOAT = 4;
/** Bytes of a register: four of them. */
export const REGISTER = 16;
/** Numbers in a cache line. */
export const LINE = 16;
