import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Options } from '../options.js';
import { formatMachine, type Machine, machineOf } from '../report/machine.js';
import type { Context, Measured, Suite } from '../suite.js';
import { type Build, build } from './build.js';
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

type Say = (line: string) => void;

async function runSuite(suite: Suite, context: Context, repeat: number, absent: readonly Absent[], say: Say) {
  say(`\n${suite.name}: ${suite.doc}`);
  const peers = new Set(context.peers.map(({ who }) => who.name));
  const { results, missing } = await repeatJobs(
    suite.jobs(context),
    repeat,
    ({ command }) => runProcess(command),
    ({ who }) => peers.has(who.name),
  );
  say(suite.report(results));
  const gone = absent.filter(({ suites }) => suites.includes(suite.name));
  const all = [...gone, ...missing].map(({ name, reason }) => ({ name, reason }));
  for (const { name, reason } of all) say(`  ${name} is missing: ${reason}`);
  return { name: suite.name, doc: suite.doc, results, missing: all };
}

async function measureIn(
  { folder, child }: Build,
  options: Options,
  machine: Machine,
  suites: readonly Suite[],
  say: Say,
): Promise<Report> {
  const { node, quick, repeat, peers } = options;
  const cores = availableParallelism();
  const { found, absent } = peers ? await findPeers(node, cores) : { found: [], absent: [] };
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
  for (const suite of suites) done.push(await runSuite(suite, context, repeat, absent, say));
  return { machine, options: { quick, repeat, peers }, images: images?.says ?? null, suites: done };
}

/**
 * Runs suites, saying each one's table as it is done.
 * @param version of the Node that measures
 * @throws Error when a measurement of ours fails.
 */
export async function runSession(
  options: Options,
  version: string,
  suites: readonly Suite[],
  say: Say,
): Promise<Report> {
  const machine = machineOf(version);
  say(formatMachine(machine));
  say(
    `${options.repeat} process${options.repeat > 1 ? 'es' : ''} a measurement${options.quick ? ', quick' : ''}`,
  );
  const built = await build();
  const interrupted = () => {
    void built.remove().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted);
  try {
    return await measureIn(built, options, machine, suites, say);
  } finally {
    process.off('SIGINT', interrupted);
    await built.remove();
  }
}
