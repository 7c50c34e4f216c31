/**
 * Reads a text of this folder for the page's view Read. The text stays plain Markdown; what the page needs beside it stands
 * in link definitions and comments, which are not seen elsewhere:
 *
 * - `<!-- live [name] -->`: from here on the live view is at the address that the link definition `[name]` gives.
 * - `<!-- elsewhere -->`: the next block is for those who do not read it in the page.
 * - `<!-- controls mean: tensor([1]) -->` before a snippet: the number in this piece of its code can be changed.
 * - `<!-- numbers z [name] selector selector -->` before an output: where the live view shows the numbers of the line that
 *   begins with `z`, in order. One line for each.
 * - A quotation that begins with **Predict.** is a question: a list of answers, each with the live numbers for which it is
 *   right (`<!-- 0 -->`, `<!-- 0.1 to 1 -->`, `<!-- to 1 -->`), and `<details>` with the explanation. The comment `<!-- ask [name] selector -->`
 *   in it names the number, as does `<!-- ask epsilon = 0: dloss/dlogvar -->`: the first number of the line that begins so,
 *   printed when the control `epsilon` is 0; `#2` at the end names the second.
 */
import MarkdownIt, { type Env, type Token } from 'markdown-it';
import type {
  Block,
  Choice,
  Control,
  LiveDocument,
  NumberLink,
  Prediction,
  Section,
  Snippet,
  Source,
} from '../../src/page/shared/document.js';

type Tokens = Token[];

/** Where links into the page lead while `npm run page -- --port 4733` runs. */
const PAGE = 'http://127.0.0.1:4733/';

/** The address within the page of a link; null for any other link. */
const addressIn = (href: string): string | null => (href.startsWith(PAGE) ? href.slice(PAGE.length) : null);

/** Marks the path of a picture in the HTML, for the builder to put in the address of the file. */
export const PICTURE = /@@picture:([^@]+)@@/g;

/** Where links and pictures of a text lead. */
export interface Places {
  /** The page, before the address in it. */
  readonly page: string;
  readonly picture: (path: string) => string;
}

const IN_THE_PAGE: Places = { page: '', picture: (path) => `@@picture:${path}@@` };

/** Markdown as HTML. */
export function markdown({ page, picture }: Places = IN_THE_PAGE) {
  const it = new MarkdownIt({ html: true });
  it.core.ruler.push('pathwise', ({ tokens }) => {
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        if (token.type === 'text') token.content = token.content.replaceAll('^2', '\u00b2');
        if (token.type === 'image') token.attrSet('src', picture(String(token.attrGet('src'))));
        if (token.type !== 'link_open') continue;
        const href = String(token.attrGet('href'));
        const address = addressIn(href);
        token.attrSet('href', address === null ? href.replace(/^([\w-]+)\.md\b/, '$1.html') : page + address);
      }
    }
  });
  return it;
}

const COMMENT = /^\s*<!--\s*(\w+)\b([\s\S]*?)-->\s*$/;

/** What a comment says: its first word, and the rest. */
function commentIn(text: string): { readonly word: string; readonly rest: string } | null {
  const found = COMMENT.exec(text);
  return found && { word: found[1], rest: found[2].trim() };
}

/** The number in a piece of code that occurs once in `code`. */
function controlIn(line: string, code: string): Control {
  const [, name, piece] = /^\s*([\w -]+): (.+?)\s*$/.exec(line) ?? [];
  const at = code.indexOf(piece);
  const numbers = [...(piece ?? '').matchAll(/(?<!\w)-?\d[\d_]*(\.\d+)?(?!\w)/g)];
  if (piece === undefined || at < 0 || code.includes(piece, at + 1) || numbers.length !== 1) {
    throw new Error(
      `'${line}' is not a control: it needs a name and a piece of code with one number, found once`,
    );
  }
  const [{ 0: text, index }] = numbers;
  const from = at + index;
  return { name, from, to: from + text.length, value: Number(text.replaceAll('_', '')) };
}

class Reader {
  readonly #it = markdown();
  readonly #env: Env = {};
  readonly #tokens: Tokens;
  readonly #sections: { id: string; title: string; blocks: Block[] }[] = [];
  #title = '';
  #controls: readonly string[] = [];
  #links: NumberLink[] = [];
  #count = 0;
  #isElsewhere = false;

  constructor(text: string) {
    this.#tokens = this.#it.parse(text, this.#env);
  }

  read(): LiveDocument {
    this.#sections.push({ id: 'start', title: '', blocks: [] });
    for (let i = 0; i < this.#tokens.length; ) i = this.#block(i);
    return { title: this.#title, sections: this.#sections satisfies Section[] };
  }

  get #blocks(): Block[] {
    return this.#sections[this.#sections.length - 1].blocks;
  }

  /** The address of a link definition. @throws Error when there is none, or it leads elsewhere. */
  #address(name: string): string {
    const references = this.#env.references ?? {};
    const address = addressIn(references[name.toUpperCase()]?.href ?? '');
    if (address === null) throw new Error(`there is no link definition [${name}] of an address of the page`);
    return address;
  }

  #html(tokens: Tokens): string {
    return this.#it.renderer.render(tokens, this.#it.options, this.#env).trim();
  }

  /** The index behind the token that closes the one at `i`. */
  #end(i: number): number {
    const { level, nesting } = this.#tokens[i];
    if (nesting !== 1) return i + 1;
    let end = i + 1;
    while (this.#tokens[end].level !== level) end++;
    return end + 1;
  }

  /** Reads one block. @returns the index of the next */
  #block(i: number): number {
    const token = this.#tokens[i];
    const end = this.#end(i);
    const own = this.#tokens.slice(i, end);
    if (token.type === 'heading_open' && token.tag === 'h1') this.#title = this.#html(own.slice(1, -1));
    else if (token.type === 'heading_open' && token.tag === 'h2') this.#section(own);
    else if (token.type === 'fence') return this.#fence(i);
    else if (token.type === 'code_block') this.#formula(token.content);
    else if (token.type === 'html_block' && this.#comment(token.content)) return end;
    else if (token.type === 'blockquote_open' && own[2]?.content.startsWith('**Predict.**')) {
      this.#blocks.push({ kind: 'prediction', prediction: this.#prediction(own) });
    } else if (this.#isElsewhere) this.#isElsewhere = false;
    else this.#blocks.push({ kind: 'html', html: this.#html(own) });
    return end;
  }

  #section(own: Tokens): void {
    const id = own[1].content
      .toLowerCase()
      .replace(/[^\w ]/g, '')
      .trim()
      .replaceAll(/ +/g, '-');
    this.#sections.push({ id, title: this.#html(own.slice(1, -1)), blocks: [] });
  }

  #formula(content: string): void {
    const lines = content.split('\n').flatMap((line) => line.trim().split(/ {3,}/));
    this.#blocks.push({ kind: 'formula', lines: lines.filter((line) => line !== '') });
  }

  /** @returns whether the text is a comment for the page */
  #comment(text: string): boolean {
    const found = commentIn(text);
    if (found === null) return false;
    const { word, rest } = found;
    const lines = rest.split('\n').map((line) => line.trim());
    if (word === 'live') {
      const name = /^\[([^\]]+)\]$/.exec(rest)?.[1] ?? rest;
      this.#blocks.push({ kind: 'live', address: this.#address(name) });
    } else if (word === 'controls') this.#controls = lines;
    else if (word === 'numbers') this.#links = lines.map((line) => this.#link(line));
    else if (word === 'elsewhere') this.#isElsewhere = true;
    else return false;
    return true;
  }

  #link(line: string): NumberLink {
    const [, label, name, shown] = /^\s*(.+?)\s+\[([^\]]+)\]\s+(.+)$/.exec(line) ?? [];
    if (shown === undefined) throw new Error(`'${line}' does not say where a number is shown`);
    return { label, address: this.#address(name), shown: shown.split(/\s+/) };
  }

  /** A snippet with what follows it: a question, and what it prints. */
  #fence(i: number): number {
    const { info, content } = this.#tokens[i];
    if (info !== 'ts') {
      this.#blocks.push({ kind: 'html', html: this.#html([this.#tokens[i]]) });
      return i + 1;
    }
    const code = content.trimEnd();
    const controls = this.#controls.map((line) => controlIn(line, code)).sort((a, b) => a.from - b.from);
    this.#controls = [];
    this.#links = [];
    let prediction: Prediction | null = null;
    let printed: string | null = null;
    let next = i + 1;
    for (let end = next; end <= this.#tokens.length && printed === null; next = end) {
      const token = this.#tokens[next];
      if (token === undefined) break;
      end = this.#end(next);
      const own = this.#tokens.slice(next, end);
      if (token.type === 'fence' && token.info === 'text') printed = token.content.trimEnd();
      else if (
        token.type === 'html_block' &&
        commentIn(token.content)?.word === 'numbers' &&
        this.#comment(token.content)
      ) {
      } else if (token.type === 'blockquote_open' && own[2]?.content.startsWith('**Predict.**')) {
        prediction = this.#prediction(own);
      } else break;
    }
    const snippet: Snippet = {
      index: this.#count++,
      code,
      controls,
      prediction,
      printed,
      links: this.#links,
    };
    this.#blocks.push({ kind: 'snippet', snippet });
    return next;
  }

  #prediction(own: Tokens): Prediction {
    const inner = own.slice(1, -1);
    const list = inner.findIndex(({ type }) => type === 'bullet_list_open');
    const listEnd = inner.findIndex(({ type }) => type === 'bullet_list_close');
    const before = inner.slice(0, list);
    const after = inner.slice(listEnd + 1).filter(({ type }) => type !== 'html_block');
    const ask = inner
      .map(({ type, content }) => (type === 'html_block' ? commentIn(content) : null))
      .find((found) => found?.word === 'ask');
    const choices = inner
      .slice(list, listEnd)
      .filter(({ type }) => type === 'inline')
      .map(({ content }) => this.#choice(content));
    if (list < 0 || ask == null || choices.length < 2) {
      throw new Error(`a question needs answers, and a comment that says what to ask: ${own[2].content}`);
    }
    const question = this.#html(before.filter(({ type }) => type !== 'html_block'));
    return {
      question: question.replace('<strong>Predict.</strong> ', ''),
      choices,
      answer: this.#html(after),
      source: this.#source(ask.rest),
    };
  }

  #choice(content: string): Choice {
    const number = '(-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?)';
    const found = new RegExp(`^([\\s\\S]*?)\\s*<!-- ${number}?( ?to ?)?${number}? -->$`).exec(content);
    if (found === null || (found[2] ?? found[4]) === undefined)
      throw new Error(`'${content}' does not say when it is right`);
    const [, words, low, to, high] = found;
    return {
      html: this.#it.renderInline(words, this.#env),
      from: low === undefined ? -Number.MAX_VALUE : Number(low),
      to: high !== undefined ? Number(high) : to === undefined ? Number(low) : Number.MAX_VALUE,
    };
  }

  #source(rest: string): Source {
    const view = /^\[([^\]]+)\]\s+(\S.*)$/.exec(rest);
    if (view !== null) return { kind: 'view', address: this.#address(view[1]), shown: view[2] };
    const run = /^(.*?):\s*(.+?)(?:\s+#(\d+))?$/.exec(rest);
    if (run === null) throw new Error(`'${rest}' does not say what to ask`);
    const [, given, label, index = '1'] = run;
    const values = [...given.matchAll(/([\w ]+?)\s*=\s*(-?[\d.]+)/g)].map(([, name, value]) => [
      name.trim(),
      Number(value),
    ]);
    return { kind: 'run', values: Object.fromEntries(values), label, index: Number(index) - 1 };
  }
}

/** A text of this folder as the page shows it. @throws Error when a comment in it cannot be read. */
export const readDocument = (text: string): LiveDocument => new Reader(text).read();
