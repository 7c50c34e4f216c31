/**
 * The control space, at the front of the engine's memory, and where things stand in it, in words of 32 bits: how threads speak to
 * each other. This file imports nothing and has no sums, so that a bundler can write the numbers where they are used.
 */

/** Where it begins, and its bytes: what stands behind is for tensors. */
export const ADDRESS = 64;
export const BYTES = 65472;

/** The number of the job under way; workers wait for it to change. What others look at all the time has a cache line of its own. */
export const JOB = 0;
/** The job's number in the upper 24 bits, and below them the next part that nobody works on yet. */
export const TICKET = 16;
/** Parts finished. */
export const DONE = 32;
/** What the job is: its kernel, its parts, the arguments of each. */
export const KERNEL = 48;
export const PARTS = 49;
export const WIDTH = 50;
/** Bytes of the message of an error; 0 while there is none. */
export const FAILED = 64;
/** Workers that are up. */
export const READY = 65;
/** Turns that a worker looks for a job before it sleeps. */
export const PATIENCE = 66;

/** Parts a job can have, and arguments a part, which stand here. */
export const MOST_PARTS = 64;
export const MOST_ARGUMENTS = 32;
export const ARGUMENTS = 80;

/** Kernels that a process can emit; an address and a length are kept here for each. */
export const MOST_KERNELS = 1024;
export const KERNELS = 2128;

/** The message of a worker's error, where it begins in bytes of the memory, and the bytes kept of it. */
export const MESSAGE_ADDRESS = 16768;
export const MESSAGE_BYTES = 1024;
