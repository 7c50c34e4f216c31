import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { entries } from '../../rolldown.config.js';
import { root } from './imports.js';

/** Exports of some files that an editor shows nothing for, as 'file: name'; those of a namespace one by one. */
function undocumented(files: readonly string[]): { exported: number; missing: string[] } {
  // Types need not be right to read comments: without the standard library this takes half as long.
  const program = ts.createProgram(files, { noLib: true, types: [], module: ts.ModuleKind.NodeNext });
  const checker = program.getTypeChecker();
  const missing: string[] = [];
  const seen = new Set<ts.Symbol>();
  const visit = (module: ts.Symbol): void => {
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (seen.has(symbol)) continue;
      seen.add(symbol);
      const [declaration] = symbol.declarations ?? [];
      if (declaration === undefined || ts.isSourceFile(declaration)) visit(symbol);
      else if (symbol.getDocumentationComment(checker).length === 0) {
        missing.push(`${declaration.getSourceFile().fileName.slice(root.length + 1)}: ${exported.name}`);
      }
    }
  };
  for (const file of files) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} exports nothing`);
    visit(module);
  }
  return { exported: seen.size, missing };
}

it('everything that an entry exports has a doc comment', () => {
  const library = entries.filter((entry) => !entry.startsWith('cli/'));
  const { exported, missing } = undocumented(library.map((entry) => join(root, `src/${entry}.ts`)));
  expect(exported).toBeGreaterThan(500);
  expect(missing).toEqual([]);
}, 60_000);

it('the check finds what has none', () => {
  const { missing } = undocumented([join(root, 'test/repository/imports.ts')]);
  expect(missing).toContain('test/repository/imports.ts: root');
  expect(missing).not.toContain('test/repository/imports.ts: Import');
}, 60_000);
