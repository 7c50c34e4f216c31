import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Command, Peer } from '../suite.js';
import type { Missing } from './repeat.js';

const folder = fileURLToPath(new URL('../peers/', import.meta.url));

/** Debian's own Python comes first: another one earlier on the path does not see Debian's packages. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

const ALL = ['matmul', 'conv', 'epoch', 'small'];
const PYTORCH = ['conv', 'epoch', 'contention', 'small', 'ops', 'gradcheck'];

/** What is measured under Node: its programs are in bench/peers/FOLDER, one for each suite. */
const NODE_PEERS = [
  { name: 'jax-js wasm', folder: 'jax-js', backend: 'wasm', package: '@jax-js/jax', suites: ALL },
  {
    name: 'tfjs wasm',
    folder: 'tfjs',
    backend: 'wasm',
    package: '@tensorflow/tfjs-backend-wasm',
    suites: ALL,
  },
  {
    name: 'tfjs cpu',
    folder: 'tfjs',
    backend: 'cpu',
    package: '@tensorflow/tfjs',
    // Its large products take minutes, and nobody multiplies with it.
    suites: ['conv', 'epoch', 'small'],
  },
] as const;

/** A peer that is not installed here, and the suites in which it is missing. */
export interface Absent extends Missing {
  readonly suites: readonly string[];
}

interface Found {
  readonly found: readonly Peer[];
  readonly absent: readonly Absent[];
}

/** The first Python that has a module, or null. */
async function pythonWith(module: string): Promise<string | null> {
  for (const python of PYTHONS) {
    try {
      await promisify(execFile)(python, ['-c', `import ${module}`], { timeout: 60_000 });
      return python;
    } catch {
      // Not there, or without the module: the next one.
    }
  }
  return null;
}

function nodePeer({ name, suites, ...peer }: (typeof NODE_PEERS)[number], node: string): Found {
  if (!existsSync(`${folder}node_modules/${peer.package}`)) {
    const reason = "bench/peers is not installed; run 'npm ci' in that folder";
    return { found: [], absent: [{ name, reason, suites }] };
  }
  const command = (suite: string, settings: object): Command => ({
    file: node,
    args: [`${folder}${peer.folder}/${suite}.mjs`, JSON.stringify({ ...settings, backend: peer.backend })],
    env: {},
  });
  return { found: [{ who: { family: name, name, threads: 1 }, suites, command }], absent: [] };
}

/** All settings of its two kinds of threads: which is best depends on the machine and the model. */
function pytorch(python: string, cores: number): Peer[] {
  const counts = [...new Set([1, cores])];
  return counts.flatMap((omp) =>
    counts.map((blas) => ({
      who: { family: 'PyTorch', name: `PyTorch, OMP ${omp}, BLAS ${blas}`, threads: Math.max(omp, blas) },
      suites: PYTORCH,
      command: (suite: string, settings: object) => ({
        file: python,
        args: [`${folder}pytorch/${suite}.py`, JSON.stringify(settings)],
        env: { OMP_NUM_THREADS: String(omp), OPENBLAS_NUM_THREADS: String(blas) },
      }),
    })),
  );
}

const numpy = (python: string, cores: number): Peer[] =>
  [...new Set([1, cores])].map((threads) => ({
    who: { family: 'NumPy', name: `NumPy, BLAS ${threads}`, threads },
    suites: ['matmul'],
    command: (suite: string, settings: object) => ({
      file: python,
      args: [`${folder}numpy/${suite}.py`, JSON.stringify(settings)],
      env: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
    }),
  }));

async function pythonPeer(
  name: string,
  module: string,
  suites: readonly string[],
  make: (python: string) => Peer[],
): Promise<Found> {
  const python = await pythonWith(module);
  if (python !== null) return { found: make(python), absent: [] };
  return {
    found: [],
    absent: [{ name, suites, reason: `no ${PYTHONS.join(' or ')} has the module '${module}'` }],
  };
}

/** The other libraries that are installed here, and the ones that are not. */
export async function findPeers(node: string, cores: number): Promise<Found> {
  const all = [
    ...NODE_PEERS.map((peer) => nodePeer(peer, node)),
    await pythonPeer('PyTorch', 'torch', PYTORCH, (python) => pytorch(python, cores)),
    await pythonPeer('NumPy', 'numpy', ['matmul'], (python) => numpy(python, cores)),
  ];
  return { found: all.flatMap(({ found }) => found), absent: all.flatMap(({ absent }) => absent) };
}
