/**
 * Around each file of tests that share a process: what one changes for all is as it was for the next, or the file fails
 * and says that it needs a process of its own.
 */
import { afterAll, vi } from 'vitest';
import { backend, setBackend } from '../src/device/current.js';
import { registeredOps } from '../src/index.js';
// All of the library that registers anything: what is registered later is a test's.
import '../src/nn.js';
import '../src/vae.js';
import { likelihoods } from '../src/vae/likelihoods/likelihood.js';
import { bodies } from '../src/vae/parts/body.js';
import { conditions } from '../src/vae/parts/condition.js';
import { objectives } from '../src/vae/parts/objective.js';
import { posteriors } from '../src/vae/parts/posterior.js';
import { priors } from '../src/vae/parts/prior.js';

const registries = [bodies, conditions, likelihoods, objectives, posteriors, priors];

/** Everything that is the same for all files of a process and that a file could change, as lines. */
const shared = (): Set<string> =>
  new Set([
    ...registeredOps().map(({ name }) => `op '${name}'`),
    ...registries.flatMap(({ kind, definitions }) => definitions.map(({ name }) => `${kind} '${name}'`)),
    ...Object.entries(process.env).map(([name, value]) => `environment variable ${name}=${value}`),
    // Packages keep what is theirs under names with two underscores.
    ...Object.getOwnPropertyNames(globalThis).flatMap((name) =>
      name.startsWith('__') ? [] : [`global '${name}'`],
    ),
    `current folder '${process.cwd()}'`,
  ]);

const { name } = backend();
const before = shared();

afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  setBackend(name);
  const after = shared();
  const changed = [
    ...[...after].filter((line) => !before.has(line)).map((line) => `leaves ${line}`),
    ...[...before].filter((line) => !after.has(line)).map((line) => `takes away ${line}`),
  ];
  // Not a static import: it would not see that modules are loaded anew.
  if ((await import('../src/index.js')).registeredOps !== registeredOps) changed.push('loads modules anew');
  if (changed.length > 0) {
    throw new Error(
      `this file ${changed.join(', ')}: other files would see it in the process that they share; list the file in ALONE, in vitest.config.ts`,
    );
  }
});
