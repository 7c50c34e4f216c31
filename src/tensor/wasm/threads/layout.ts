import { CONTROL } from '../../memory/memory.js';

/** Parts a job can have, and arguments a part. */
export const MOST_PARTS = 64;
export const MOST_ARGUMENTS = 32;
/** Kernels that a process can emit; an address and a length are kept for each. */
export const MOST_KERNELS = 1024;
/** Bytes kept of the message of a worker's error. */
const MOST_MESSAGE = 1024;

/** Where things stand in the control space, in words of 32 bits. */
export const WORDS = {
  /** The number of the job under way; workers wait for it to change. */
  job: 0,
  /** The job's number in the upper 24 bits, and below them the next part that nobody works on yet. */
  ticket: 1,
  /** Parts finished. */
  done: 2,
  kernel: 3,
  parts: 4,
  /** Arguments of each part. */
  width: 5,
  /** Bytes of the message of an error; 0 while there is none. */
  failed: 6,
  /** Workers that are up. */
  ready: 7,
  /** Turns that a worker looks for a job before it sleeps. */
  patience: 8,
  arguments: 16,
  kernels: 16 + MOST_PARTS * MOST_ARGUMENTS,
  message: 16 + MOST_PARTS * MOST_ARGUMENTS + 2 * MOST_KERNELS,
} as const;

export const MESSAGE_BYTES = MOST_MESSAGE;

if (4 * WORDS.message + MOST_MESSAGE > CONTROL.bytes) throw new Error('the control space is too small');

/** The control space of a memory, as words. */
export const controlWords = (buffer: ArrayBuffer): Int32Array<ArrayBuffer> =>
  new Int32Array(buffer, CONTROL.address, CONTROL.bytes / 4);
