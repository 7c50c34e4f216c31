import { expect, it } from 'vitest';
import * as autograd from '../../src/autograd/index.js';
import * as check from '../../src/check.js';
import * as data from '../../src/data/index.js';
import * as graph from '../../src/graph.js';
import * as engine from '../../src/index.js';
import * as nnRoom from '../../src/nn/index.js';
import * as nn from '../../src/nn.js';
import * as study from '../../src/study/index.js';
import * as tensor from '../../src/tensor/index.js';
import * as vaeRoom from '../../src/vae/index.js';
import * as vae from '../../src/vae.js';

const entries = { engine, nn, vae, data, check, graph, study };
const rooms = { tensor, autograd, nnRoom, vaeRoom, data };

it('what a room gives to others is exported by an entry', () => {
  const exported = new Set<unknown>(Object.values(entries).flatMap((entry) => Object.values(entry)));
  const missing = Object.values(rooms).flatMap((room) =>
    Object.entries(room).flatMap(([name, x]) => (exported.has(x) ? [] : [name])),
  );
  expect(Object.keys(engine).length).toBeGreaterThan(80);
  // Namespaces are objects of their own for each module that names them.
  expect(missing.filter((name) => name !== 'init' && name !== 'schedules')).toEqual([]);
});

it('no two entries give one name to different things', () => {
  const named = new Map<string, unknown>();
  const clashes: string[] = [];
  for (const entry of Object.values(entries))
    for (const [name, x] of Object.entries(entry)) {
      if (named.has(name) && named.get(name) !== x) clashes.push(name);
      named.set(name, x);
    }
  expect(clashes).toEqual([]);
});
