/** The snippets of a document as a module of functions, which the page's worker runs one by one. */
import type { LiveDocument, Snippet } from '../../src/page/shared/document.js';

const IMPORT = /^import [\s\S]*?;$/gm;
/** What a snippet declares for those after it. */
const DECLARED = /^(?:const|let) (\w+|\[.*?\]|\{.*?\})(?=\s*[=:])/gm;

const namesIn = (code: string): string[] => code.match(/[A-Za-z_]\w*/g) ?? [];

/** The names that code uses as variables: not in strings, nor as those of properties. */
const usedIn = (code: string): Set<string> =>
  new Set(code.replace(/'[^'\n]*'/g, '').match(/(?<![.\w])[A-Za-z_]\w*(?!\w|:)/g));

/** The code with each control in place of its number. */
function withValues({ code, controls }: Snippet): string {
  return controls.reduceRight(
    (text, { from, to }, k) => `${text.slice(0, from)}$values[${k}]${text.slice(to)}`,
    code,
  );
}

/** A TypeScript module that exports `parts`: each snippet as `ProgramPart` describes it. */
export function programOf({ sections }: LiveDocument): string {
  const snippets = sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'snippet' ? [block.snippet] : [])),
  );
  const imports = snippets.flatMap(({ code }) => code.match(IMPORT) ?? []);
  const declared = snippets.map(({ code }) => [...code.matchAll(DECLARED)].flatMap(([, p]) => namesIn(p)));
  const parts = snippets.map((snippet, k) => {
    const body = withValues(snippet).replace(IMPORT, '');
    const words = usedIn(body);
    const needs = declared.flatMap((names, j) => (j < k && names.some((name) => words.has(name)) ? [j] : []));
    const used = needs.flatMap((j) => declared[j].filter((name) => words.has(name)));
    return `{
      needs: ${JSON.stringify(needs)},
      run({ ${used.join(', ')} }, console, $values) {
${body}
        return { ${declared[k].join(', ')} };
      },
    }`;
  });
  return `${imports.join('\n')}\nexport const parts = [${parts.join(',\n')}];\n`;
}
