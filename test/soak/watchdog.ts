import { Worker } from 'node:worker_threads';

/** Looks every second whether a case has begun since, and ends the process where one hangs: a loop lets nothing else do so. */
const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let at = null;
parentPort.on('message', (message) => { at = message && { ...message, since: performance.now() }; });
setInterval(() => {
  if (at === null || performance.now() - at.since < at.limit * 1000) return;
  writeSync(2, at.words + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000);
`;

/** Ends the process when a case takes far too long. */
export class Watchdog {
  readonly #worker = new Worker(SOURCE, { eval: true, execArgv: [] });

  constructor() {
    this.#worker.unref();
  }

  /** @param limit in seconds @param words said before the end */
  begin(limit: number, words: string): void {
    this.#worker.postMessage({ limit, words });
  }

  end(): void {
    this.#worker.postMessage(null);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
