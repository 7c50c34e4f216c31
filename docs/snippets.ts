import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** A fenced block of a Markdown text: its language and what is between the fences. */
interface Block {
  readonly language: string;
  readonly code: string;
  /** Where the code begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

const ROOT = join(import.meta.dirname, '..');
/** Printed between the snippets' outputs: a character that no snippet prints. */
const SEPARATOR = '\u001e';

/** Every fenced block, in order. */
function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const start = match.index + match[0].indexOf('\n') + 1;
    return { language: match[1], code: match[2], start, end: start + match[2].length };
  });
}

/** What each of the snippets prints. They are one program, run from top to bottom: a later one sees the names of an earlier. */
function outputsOf(snippets: readonly string[]): string[] {
  const separated = snippets.map((code) => `${code}\nconsole.log(${JSON.stringify(SEPARATOR)});`);
  const { outputFiles } = buildSync({
    stdin: { contents: separated.join('\n'), resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    tsconfig: join(ROOT, 'tsconfig.json'),
  });
  const printed = execFileSync(process.execPath, ['--input-type=module', '-'], {
    cwd: ROOT,
    input: outputFiles[0].text,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    // What a failing snippet says is in the error that is thrown.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return printed.split(`${SEPARATOR}\n`).slice(0, -1);
}

/** A Markdown text with its TypeScript snippets run. */
export interface Ran {
  /** The text: the `text` block behind a snippet holds what the snippet prints. */
  readonly text: string;
  /** What the last piece of code printed, which the text does not show. */
  readonly last: string;
}

/**
 * Runs the TypeScript snippets of a Markdown text.
 * @param last code to run after them, from the project's folder, which sees their names
 * @throws Error when a snippet fails, or prints something that no block shows.
 */
export function runSnippets(markdown: string, last = ''): Ran {
  const blocks = blocksOf(markdown);
  const places = blocks.flatMap((block, i) => (block.language === 'ts' ? [i] : []));
  const outputs = outputsOf([...places.map((i) => blocks[i].code), last]);
  let result = '';
  let copied = 0;
  places.forEach((place, k) => {
    const next = blocks.at(place + 1);
    if (next?.language === 'text') {
      result += markdown.slice(copied, next.start) + outputs[k];
      copied = next.end;
    } else if (outputs[k] !== '') {
      throw new Error(`snippet ${k + 1} prints, but no text block follows it:\n${blocks[place].code}`);
    }
  });
  return { text: result + markdown.slice(copied), last: outputs[places.length] };
}
