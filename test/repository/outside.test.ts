import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImports, root } from './imports.js';

/** Where each may be, and why: everything else goes through the two readers of what comes from outside. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/tensor/json.ts': 'the reader itself, of one string literal at a time',
  'src/autograd/graph/print.ts': 'a copy of attributes that it has just written',
  'src/cli/page/built.ts': "the package's own page",
  'src/cli/run/lock.ts': "the system's own account of a process, in a file without a size",
  'src/cli/report/charts.ts': "the report's own script, and a package's files",
};

const READS = /\bJSON\.parse\(|\breadFile(Sync)?\(|\bcreateReadStream\(|\bopenSync\(/;

describe('what comes from outside', () => {
  const readers = [...readImports().keys()].filter((file) =>
    READS.test(readFileSync(join(root, file), 'utf8')),
  );

  it('is read in one way: files by withFile, JSON by parseJson', () => {
    expect(readers.filter((file) => !Object.hasOwn(ALLOWED, file))).toEqual([]);
  });

  it('has no exception that is not needed', () =>
    expect(Object.keys(ALLOWED).filter((file) => !readers.includes(file))).toEqual([]));
});
