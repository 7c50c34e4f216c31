import { messageOf } from '../../../tensor/describe.js';
import { threadsOption } from '../../../tensor/options.js';
import type { WorkerData } from './worker.js';

/** The part of a browser's Worker that is used here; its types belong to the browser's library. */
declare const Worker: new (
  url: string,
) => {
  postMessage(message: unknown): void;
  onerror: ((event: { readonly message?: string }) => void) | null;
};

/** What browsers and newer Nodes know of the machine; its types belong to the browser's library. */
declare const navigator: { readonly hardwareConcurrency: number };

/** Node's own modules, without an import that a bundler for browsers would stumble over. */
const nodeModule = <K extends 'node:worker_threads' | 'node:os'>(name: K) =>
  typeof process === 'undefined' ? undefined : process.getBuiltinModule?.(name);

export const coreCount = (): number =>
  nodeModule('node:os')?.availableParallelism() ??
  (typeof navigator === 'undefined' ? 1 : navigator.hardwareConcurrency);

/** As many as the option says, or as the machine has cores. */
export const threadCount = (): number => threadsOption() ?? Math.max(1, Math.min(coreCount(), 16));

/** Milliseconds of processor time that this process has had; null where that is not known. */
export function processorTime(): number | null {
  if (typeof process === 'undefined' || process.cpuUsage === undefined) return null;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Whether this thread may sleep until another one wakes it: not in a browser's window. */
export const maySleep = (): boolean => !('document' in globalThis);

/**
 * Starts a worker that does not keep the process alive.
 * @param onLost called with the reason when it fails or ends, which it never does by itself
 * @returns whether it has ended, which is known before `onLost` is called: that takes a turn of the event loop
 */
export function startWorker(
  source: string,
  data: WorkerData,
  onLost: (reason: string) => void,
): () => boolean {
  const threads = nodeModule('node:worker_threads');
  if (threads !== undefined) {
    const { port1, port2 } = new threads.MessageChannel();
    const worker = new threads.Worker(source, {
      eval: true,
      workerData: { ...data, port: port2 },
      transferList: [port2],
      // Without arguments of the parent's: a loader given there would be loaded for nothing.
      execArgv: [],
      env: {},
    });
    worker.on('error', (error) => onLost(messageOf(error)));
    worker.on('exit', (code) => onLost(`it ended with code ${code}`));
    worker.unref();
    return () => {
      // Node says false once the other end is gone. It does not document that; the test of a worker that ends holds it.
      const isSent: unknown = port1.postMessage(null);
      return isSent === false;
    };
  }
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.onerror = ({ message }) => onLost(message ?? 'it did not start');
  worker.postMessage(data);
  return () => false;
}
