/** A piece of a formula and how it is set. */
export interface Token {
  readonly kind: 'text' | 'lowered' | 'raised';
  readonly text: string;
}

/** What is typeset differently from how it is written. */
const TOKENS =
  /(?<derivative>\bd(?:KL|[LRK])\/d)|(?<index>\[[^\]]*\])|(?<sum>\bsum_[a-z]+\()|(?<square>\^2)|(?<times> \* )|(?<minus> - )|(?<negative>(?<![\w)\]])-(?=[\d(a-z]))/g;

/** A formula of the study library typeset: subscripts, sums, partial derivatives. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const add = (kind: Token['kind'], piece: string): void => {
    const last = tokens[tokens.length - 1];
    if (last?.kind === kind) tokens[tokens.length - 1] = { kind, text: last.text + piece };
    else if (piece !== '') tokens.push({ kind, text: piece });
  };
  let from = 0;
  for (const match of text.matchAll(TOKENS)) {
    add('text', text.slice(from, match.index));
    from = match.index + match[0].length;
    const { derivative, index, sum, square, times, minus } = match.groups ?? {};
    if (derivative !== undefined) add('text', `∂${derivative.slice(1, -2)}/∂`);
    else if (index !== undefined) add('lowered', index.slice(1, -1));
    else if (square !== undefined) add('raised', '2');
    else if (times !== undefined) add('text', ' · ');
    else if (minus !== undefined) add('text', ' − ');
    else if (sum === undefined) add('text', '−');
    else {
      add('text', '∑');
      add('lowered', sum.slice(4, -1));
      add('text', ' (');
    }
  }
  add('text', text.slice(from));
  return tokens;
}
