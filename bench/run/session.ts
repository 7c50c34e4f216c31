import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from '../options.js';
import { formatMachine, type Machine, machineOf } from '../report/machine.js';
import type { Context, Measured, Suite } from '../suite.js';
import { build } from './build.js';
import { writeImages } from './images.js';
import { type Absent, findPeers } from './peers.js';
import { runProcess } from './process.js';
import { type Missing, repeatJobs } from './repeat.js';

/** Everything a run found out; what --json writes. */
export interface Report {
  readonly machine: Machine;
  readonly options: Pick<Options, 'quick' | 'repeat' | 'peers'>;
  /** What was trained on; null where no suite needed images. */
  readonly images: string | null;
  readonly suites: readonly {
    readonly name: string;
    readonly doc: string;
    readonly results: readonly Measured[];
    readonly missing: readonly Missing[];
  }[];
}

/** A load average above so much for each core is told before the figures. */
const BUSY = 0.25;

/** Ctrl-C: the measurement under way was ended and its files are gone. */
export class Interrupted extends Error {}

/** What a session is made with. */
interface Session {
  readonly options: Options;
  /** Its files. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

async function runSuite(
  suite: Suite,
  context: Context,
  absent: readonly Absent[],
  { options, signal, say }: Session,
) {
  say(`\n${suite.name}: ${suite.doc}`);
  const peers = new Set(context.peers.map(({ who }) => who.name));
  const { results, missing } = await repeatJobs(
    suite.jobs(context),
    options.repeat,
    ({ command }) => runProcess(command, signal),
    ({ who }) => peers.has(who.name) && !signal.aborted,
  );
  say(suite.report(results));
  const gone = absent.filter(({ suites }) => suites.includes(suite.name));
  const all = [...gone, ...missing].map(({ name, reason }) => ({ name, reason }));
  for (const { name, reason } of all) say(`  ${name} is missing: ${reason}`);
  return { name: suite.name, doc: suite.doc, results, missing: all };
}

async function measureAll(session: Session, machine: Machine, suites: readonly Suite[]): Promise<Report> {
  const { options, folder, say } = session;
  const { node, quick, repeat, peers } = options;
  const cores = availableParallelism();
  const { found, absent } = peers ? await findPeers(node, cores) : { found: [], absent: [] };
  const child = await build(folder);
  const images = suites.some(({ needsImages }) => needsImages) ? await writeImages(folder, quick) : null;
  if (images !== null) say(`images: ${images.says}`);
  const context: Context = {
    quick,
    cores,
    root: fileURLToPath(new URL('../..', import.meta.url)),
    peers: found,
    images: images?.file ?? null,
    ours: (part, settings, env = {}) => ({ file: node, args: [child, part, JSON.stringify(settings)], env }),
  };
  const done: Report['suites'][number][] = [];
  for (const suite of suites) done.push(await runSuite(suite, context, absent, session));
  return { machine, options: { quick, repeat, peers }, images: images?.says ?? null, suites: done };
}

/**
 * Runs suites, saying each one's table as it is done.
 * @param version of the Node that measures
 * @throws Interrupted after SIGINT; Error when a measurement of ours fails.
 */
export async function runSession(
  options: Options,
  version: string,
  suites: readonly Suite[],
  say: Session['say'],
): Promise<Report> {
  const machine = machineOf(version);
  say(formatMachine(machine));
  if (machine.load > BUSY * machine.cores) {
    say('other programs are at work here: figures come out too slow; look at the spread, and at CPU time');
  }
  say(
    `${options.repeat} process${options.repeat > 1 ? 'es' : ''} a measurement${options.quick ? ', quick' : ''}`,
  );
  const controller = new AbortController();
  const { signal } = controller;
  const interrupt = () => controller.abort();
  process.once('SIGINT', interrupt);
  const folder = await mkdtemp(join(tmpdir(), 'pathwise-bench-'));
  try {
    return await measureAll({ options, folder, signal, say }, machine, suites);
  } catch (error) {
    throw signal.aborted ? new Interrupted('interrupted') : error;
  } finally {
    process.off('SIGINT', interrupt);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
