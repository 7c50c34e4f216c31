#!/usr/bin/env node
import { isMainThread, Worker } from 'node:worker_threads';
import { describeError, EXIT } from './errors.js';
import { terminalInfo, watchOutput } from './output.js';
import { onSignals } from './train/interrupt.js';

const args = process.argv.slice(2);

/** For what ends a command outside of its own handling: a thread that does not start, a program that cannot be loaded. */
function fail(error: unknown): void {
  process.stderr.write(`${describeError(error, args.includes('--debug'))}\n`);
  process.exitCode = EXIT.failed;
}

/** Loads this file in a thread, which tsx, where it runs the source, does not reach by itself. */
function threadSource(): URL | string {
  const { url } = import.meta;
  if (!url.endsWith('.ts')) return new URL(url);
  const tsx = import.meta.resolve('tsx/esm/api');
  return `import('${tsx}').then(({ register }) => register()).then(() => import('${url}'))`;
}

/** Runs the command in a thread, so that this one hears of a second Ctrl-C also while a step computes. */
function runInThread(): void {
  const source = threadSource();
  const worker = new Worker(source, {
    eval: typeof source === 'string',
    argv: args,
    workerData: { terminal: terminalInfo() },
    stdout: true,
    stderr: true,
  });
  worker.stdout.on('data', (chunk) => process.stdout.write(chunk));
  worker.stderr.on('data', (chunk) => process.stderr.write(chunk));
  const stop = onSignals(() => worker.postMessage('interrupt'));
  worker.on('error', fail);
  worker.on('exit', (code) => {
    stop();
    // A thread that could not start has failed, and exits with 0.
    process.exitCode ||= code;
  });
}

const isTraining = args[0] === 'train' && !args.includes('--help') && !args.includes('-h');
if (isMainThread) watchOutput(isTraining);
if (isMainThread && isTraining) runInThread();
else {
  try {
    const { run } = await import('./program.js');
    process.exitCode = await run(args);
  } catch (error) {
    fail(error);
  }
}
