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

/** The number of the last job, in 23 bits. */
export const JOB = 0;
/** Parts finished. Words that threads poll have a cache line of their own. */
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
/** Workers that have been started, the last of which has this number. */
export const STARTED = 113;
/** Spin iterations of a worker before it sleeps. */
export const PATIENCE = 114;

/** Ranges a job can have; of each, a part before which none is free. */
export const MAX_RANGES = 64;
export const NEXT = 128;
/** Words from one to the next of what threads write. */
export const STEP = 16;

/** Parts a job can have. Each has a state, the job's number in the upper 24 bits, in the lower 8 who has it, and then its arguments. */
export const MAX_PARTS = 64;
export const MAX_ARGUMENTS = 31;
export const STATES = 1152;
export const PART_STEP = 32;
/** Who has a part: nobody yet, the caller, a worker (its number and 1), or nobody any more. */
export const FREE = 0;
export const CALLER = 1;
export const FINISHED = 255;

/** Kernels that a process can emit; each has its address and length here. */
export const MAX_KERNELS = 1024;
export const KERNELS = 3200;

/** The message of a worker's error: its address in bytes, and how many bytes are kept. */
export const MESSAGE_ADDRESS = 21056;
export const MESSAGE_BYTES = 1024;

/** Workers that a memory can have, numbered from 1. Each has a bell, the number of the job and its range there, and then whether it is up. */
export const MAX_WORKERS = 253;
export const BELLS = 5504;
