/**
 * The control space, at the front of the engine's memory, and where things stand in it, in words of 32 bits: how threads speak to
 * each other. This file imports nothing and has no sums, so that a bundler can write the numbers where they are used.
 */

/** Where it begins, and its bytes: what stands behind is for tensors. */
export const ADDRESS = 64;
export const BYTES = 65472;

/** The number of the job under way; workers wait for it to change. What others look at all the time has a cache line of its own. */
export const JOB = 0;
/** Parts finished. */
export const DONE = 16;
/** What the job is: its kernel, its parts, the arguments of each, and the ranges that its parts are divided into. */
export const KERNEL = 32;
export const PARTS = 33;
export const WIDTH = 34;
export const RANGES = 35;
/** The part behind the last one of each range. */
export const ENDS = 48;
/** Bytes of the message of an error; 0 while there is none. */
export const FAILED = 112;
/** Workers that are up. */
export const READY = 113;
/** Turns that a worker looks for a job before it sleeps. */
export const PATIENCE = 114;

/** Ranges a job can have; each has a ticket: the job's number in the upper 24 bits, and below them the next part that nobody works on. */
export const MOST_RANGES = 64;
export const TICKETS = 128;
/** Words from ticket to ticket. */
export const TICKET_STEP = 16;

/** Parts a job can have, and arguments a part, which stand here. */
export const MOST_PARTS = 64;
export const MOST_ARGUMENTS = 32;
export const ARGUMENTS = 1152;

/** Kernels that a process can emit; an address and a length are kept here for each. */
export const MOST_KERNELS = 1024;
export const KERNELS = 3200;

/** The message of a worker's error, where it begins in bytes of the memory, and the bytes kept of it. */
export const MESSAGE_ADDRESS = 21056;
export const MESSAGE_BYTES = 1024;
