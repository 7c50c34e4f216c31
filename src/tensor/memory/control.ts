/**
 * The layout of the control space at the front of the engine's memory, through which threads communicate, in words of 32 bits.
 * This file imports nothing and computes nothing, so that a bundler can inline the numbers.
 */

/** Where it begins, and its bytes; tensors come after it. */
export const ADDRESS = 64;
export const BYTES = 65472;

/** Room for the code of kernels, which comes next: models cannot take it. A kernel has 1 to 5 KB. */
export const CODE_ADDRESS = 65536;
export const CODE_BYTES = 1048576;

/** The number of the current job; workers wait for it to change. Words that threads poll have a cache line of their own. */
export const JOB = 0;
/** Parts finished. */
export const DONE = 16;
/** The job: its kernel, number of parts, arguments per part, and the ranges that its parts are divided into. */
export const KERNEL = 32;
export const PARTS = 33;
export const WIDTH = 34;
export const RANGES = 35;
/** The part after the last one of each range. */
export const ENDS = 48;
/** Bytes of the message of an error; 0 while there is none. */
export const FAILED = 112;
/** Workers that are up. */
export const READY = 113;
/** Spin iterations of a worker before it sleeps. */
export const PATIENCE = 114;

/** Ranges a job can have; each has a ticket: the job's number in the upper 24 bits, the next free part in the lower 8. */
export const MAX_RANGES = 64;
export const TICKETS = 128;
/** Words from ticket to ticket. */
export const TICKET_STEP = 16;

/** Parts a job can have, and arguments a part, which stand here. */
export const MAX_PARTS = 64;
export const MAX_ARGUMENTS = 32;
export const ARGUMENTS = 1152;

/** Kernels that a process can emit; each has its address and length here. */
export const MAX_KERNELS = 1024;
export const KERNELS = 3200;

/** The message of a worker's error: its address in bytes, and how many bytes are kept. */
export const MESSAGE_ADDRESS = 21056;
export const MESSAGE_BYTES = 1024;
