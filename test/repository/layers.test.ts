import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Import, importsOf, readImports, root } from './imports.js';

/** Lowest first: a file imports only from its own layer or a lower one. */
const LAYERS = ['tensor', 'program', 'device', 'autograd', 'nn', 'data', 'vae', 'study', 'cli'];
/** Beside the layers: what each may import. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  cli: [...LAYERS, 'testing'],
  testing: ['testing', 'tensor', 'autograd'],
  page: ['page', 'tensor', 'autograd', 'nn', 'vae', 'data', 'study'],
  'index.ts': ['tensor', 'autograd'],
  'nn.ts': ['tensor', 'nn'],
  'vae.ts': ['vae'],
  'check.ts': ['autograd', 'vae'],
  'graph.ts': ['autograd'],
  'node.ts': ['data'],
};

const roomOf = (file: string): string => file.split('/')[1];

function allowed(room: string): readonly string[] {
  return BESIDE[room] ?? LAYERS.slice(0, LAYERS.indexOf(room) + 1);
}

function wrongDirections(files: ReadonlyMap<string, readonly Import[]>): string[] {
  return [...files].flatMap(([file, imports]) =>
    imports
      .filter(({ isPackage, target }) => !isPackage && !allowed(roomOf(file)).includes(roomOf(target)))
      .map(({ target }) => `${file} imports ${target}`),
  );
}

/** The page's two programs meet in `shared` alone; its protocol takes the types of the worker's calls. */
function acrossThePage(files: ReadonlyMap<string, readonly Import[]>): string[] {
  const sideOf = (file: string): string => {
    const [, , room] = file.split('/');
    return room === 'shared' || room === 'worker' ? room : 'window';
  };
  return [...files].flatMap(([file, imports]) =>
    imports
      .filter(
        ({ target, typeOnly }) =>
          !(
            typeOnly &&
            file === 'src/page/shared/protocol.ts' &&
            target === 'src/page/worker/calls/index.ts'
          ),
      )
      .map(({ target }) => target)
      .filter((target) => file.startsWith('src/page/') && target.startsWith('src/page/'))
      .filter((target) => !['shared', sideOf(file)].includes(sideOf(target)))
      .map((target) => `${file} imports ${target}`),
  );
}

/** One cycle as the files along it, or none. Types count too: a cycle of types is still a knot to a reader. */
function findCycle(files: ReadonlyMap<string, readonly Import[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const { target, isPackage } of files.get(file) ?? []) {
      const cycle = isPackage ? [] : visit(target);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of files.keys()) {
    const cycle = visit(file);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** Packages and Node modules needed at run time by an entry and everything it reaches. */
function packagesReached(files: ReadonlyMap<string, readonly Import[]>, entry: string): string[] {
  const reached = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { target, isPackage, typeOnly } of files.get(file) ?? []) {
      if (typeOnly) continue;
      if (isPackage) packages.add(target);
      else visit(target);
    }
  };
  visit(entry);
  return [...packages].sort();
}

describe('the structure of src', () => {
  const files = readImports();

  it('has every import pointing to an existing file', () => {
    const missing = [...files].flatMap(([file, imports]) =>
      imports
        .filter((i) => !i.isPackage && !existsSync(join(root, i.target)))
        .map((i) => `${file} imports ${i.target}`),
    );
    expect(files.size).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });

  it('imports only from its own or a lower layer', () => expect(wrongDirections(files)).toEqual([]));
  it('keeps the worker of the page and its window apart', () => expect(acrossThePage(files)).toEqual([]));
  it('meets WebAssembly in the device room and in op blocks alone', () => {
    const strangers = [...files].flatMap(([file, imports]) =>
      imports
        .filter(({ target }) => target.startsWith('src/device/wasm/'))
        .filter(() => !file.startsWith('src/device/') && !file.startsWith('src/autograd/ops/'))
        .map(({ target }) => `${file} imports ${target}`),
    );
    expect(strangers).toEqual([]);
    const blocks = [...files].filter(
      ([file, imports]) =>
        file.startsWith('src/autograd/ops/') &&
        imports.some(({ target }) => target.startsWith('src/device/wasm/')),
    );
    expect(blocks.length).toBeGreaterThan(5);
  });
  it('has no cycle', () => expect(findCycle(files)).toEqual([]));
  it.each(['index', 'nn', 'vae', 'data/index', 'check', 'graph', 'study/index'])(
    'has a library entry without run-time dependency: %s',
    (entry) => expect(packagesReached(files, `src/${entry}.ts`)).toEqual([]),
  );

  it('needs no fast-check at run time in the command, which shares the checks of pathwise/testing', () => {
    expect(packagesReached(files, 'src/cli/main.ts')).not.toContain('fast-check');
  });

  it('reaches only fast-check from pathwise/testing, and only Node from pathwise/node', () => {
    expect(packagesReached(files, 'src/testing/index.ts')).toEqual(['fast-check']);
    expect(packagesReached(files, 'src/node.ts').filter((name) => !name.startsWith('node:'))).toEqual([]);
  });
});

describe('the checks themselves', () => {
  const tree = (entries: Record<string, string>) =>
    new Map(Object.entries(entries).map(([file, text]) => [file, importsOf(file, text)]));

  it('find a wrong direction', () => {
    const files = tree({ 'src/tensor/a.ts': "import { b } from '../nn/b.js';", 'src/nn/b.ts': '' });
    expect(wrongDirections(files)).toEqual(['src/tensor/a.ts imports src/nn/b.ts']);
  });

  it('find what crosses from the window of the page to its worker, and back', () => {
    const files = tree({
      'src/page/worker/main.ts': "import '../shared/protocol.js';\nimport '../views/step/choices.js';",
      'src/page/views/step/graph.tsx': "import type { Lab } from '../../worker/lab.js';",
      'src/page/shared/protocol.ts':
        "import { app } from '../state/app.js';\nimport type { Calls } from '../worker/calls/index.js';",
      'src/page/shared/ink.ts': "import type { Calls } from '../worker/calls/index.js';",
      'src/page/app.tsx': "import './state/app.js';",
    });
    expect(acrossThePage(files)).toEqual([
      'src/page/worker/main.ts imports src/page/views/step/choices.ts',
      'src/page/views/step/graph.tsx imports src/page/worker/lab.ts',
      'src/page/shared/protocol.ts imports src/page/state/app.ts',
      'src/page/shared/ink.ts imports src/page/worker/calls/index.ts',
    ]);
  });

  it('find a cycle through a re-export and a type', () => {
    const files = tree({
      'src/nn/a.ts': "export * from './b.js';",
      'src/nn/b.ts': "import type { C } from './c.js';",
      'src/nn/c.ts': "const lazy = () => import('./a.js');",
    });
    expect(findCycle(files)).toEqual(['src/nn/a.ts', 'src/nn/b.ts', 'src/nn/c.ts', 'src/nn/a.ts']);
  });

  it('find a package behind other files, and pass over types', () => {
    const files = tree({
      'src/index.ts': "export * from './nn/a.js';",
      'src/nn/a.ts': "import fs from 'node:fs';\nimport type { X } from 'x';\nimport { type Y } from 'y';",
    });
    expect(packagesReached(files, 'src/index.ts')).toEqual(['node:fs']);
  });
});
