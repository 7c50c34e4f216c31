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
  'src/page/state/navigation.ts': 'what the tab itself has written, looked at before it is used',
  'src/cli/report/charts.ts': "the report's own script, and a package's files",
};

const READS = /\bJSON\.parse\(|\breadFile(Sync)?\(|\bcreateReadStream\(|\bopenSync\(/;

/** What runs a text, or a program by its name. */
const RUNS = /(?<![.\w])eval\([^)]|\bnew Function\(|node:vm\b|child_process|(?<![.\w])import\((?!['"])/;

const filesWith = (pattern: RegExp): string[] =>
  [...readImports().keys()].filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')));

describe('what comes from outside', () => {
  const readers = filesWith(READS);

  it('is never run: nothing runs a text or a program, but for the browser that shows the page', () => {
    expect(filesWith(RUNS)).toEqual(['src/cli/page/open.ts']);
    for (const text of ['eval(text)', 'new Function(text)', "from 'node:vm'", 'await import(path)'])
      expect(text).toMatch(RUNS);
  });

  it('is read in one way: files by withFile, JSON by parseJson', () => {
    expect(readers.filter((file) => !Object.hasOwn(ALLOWED, file))).toEqual([]);
  });

  it('has no exception that is not needed', () =>
    expect(Object.keys(ALLOWED).filter((file) => !readers.includes(file))).toEqual([]));
});
