import { report } from './training.js';

/** A worker's own; its type belongs to the browser's library. */
declare function postMessage(message: unknown): void;

report().then(
  (result) => postMessage(result),
  (error: unknown) => postMessage({ error: String(error) }),
);
