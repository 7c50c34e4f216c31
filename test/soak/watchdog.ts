import { Worker } from 'node:worker_threads';

/** A case that has worked for so many seconds hangs: */
const MAX_WORK = 60;
/** or waited for so many. */
const MAX_WAIT = 3600;

/** Looks every second how long the case under way has taken, and ends the process: a loop lets nothing else do so. */
const SOURCE = `
const { parentPort } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let at = null;
parentPort.on('message', (words) => {
  at = words === null ? null : { words, since: performance.now(), cpu: process.cpuUsage() };
});
setInterval(() => {
  if (at === null) return;
  const { user, system } = process.cpuUsage(at.cpu);
  if (user + system < ${MAX_WORK * 1e6} && performance.now() - at.since < ${MAX_WAIT * 1e3}) return;
  writeSync(2, at.words + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000);
`;

/** Ends the process when a case hangs. */
export class Watchdog {
  readonly #worker = new Worker(SOURCE, { eval: true, execArgv: [] });

  constructor() {
    this.#worker.unref();
  }

  /** @param words said before the end */
  begin(words: string): void {
    this.#worker.postMessage(words);
  }

  end(): void {
    this.#worker.postMessage(null);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
