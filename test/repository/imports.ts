import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** One import of a source file: a file of src, or a package. */
export interface Import {
  /** Path from the root with forward slashes, `src/tensor/shape.ts`; or the module specifier of a package. */
  readonly target: string;
  readonly isPackage: boolean;
  /** `import type`, erased when compiled. */
  readonly typeOnly: boolean;
}

/** Whether a statement imports or re-exports types alone. */
function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    const named = clause !== undefined && ts.isNamedExports(clause) ? clause.elements : undefined;
    return statement.isTypeOnly || (named?.every((element) => element.isTypeOnly) ?? false);
  }
  const clause = statement.importClause;
  if (clause === undefined) return false;
  const named = clause.namedBindings;
  const allTypes =
    named !== undefined && ts.isNamedImports(named) && named.elements.every((e) => e.isTypeOnly);
  return clause.isTypeOnly || (clause.name === undefined && allTypes);
}

/** Imports, re-exports and dynamic imports of a source text; `file` is its path from the root. */
export function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (specifier: ts.Expression | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const isPackage = !specifier.text.startsWith('.');
    const path = posix.join(posix.dirname(file), specifier.text);
    const source = ['.ts', '.tsx'].map((ending) => path.replace(/\.js$/, ending));
    const target = source.find((candidate) => existsSync(join(root, candidate))) ?? source[0];
    found.push({ target: isPackage ? specifier.text : target, isPackage, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
      add(node.moduleSpecifier, isTypeOnly(node));
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Every source file below `folder`, with its imports. */
export function readImports(folder = 'src'): Map<string, Import[]> {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return new Map(files.sort().map((file) => [file, importsOf(file, readFileSync(join(root, file), 'utf8'))]));
}
