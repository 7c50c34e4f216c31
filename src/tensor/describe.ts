/** What a value is, for errors: 'a number', 'an array', 'a Float32Array', 'a Tensor', 'undefined'. */
export function describeValue(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  const kind = Array.isArray(x) ? 'array' : typeof x === 'object' ? (x.constructor?.name ?? '') : typeof x;
  const word = kind === '' || kind === 'Object' ? 'object' : clip(kind);
  return `${/^[aeio]/i.test(word) ? 'an' : 'a'} ${word}`;
}

/** Characters of what a message quotes. */
const CLIPPED = 60;
/** The same for paths, whose end tells most. */
export const CLIPPED_PATH = 200;

// Control characters would let a file's content write on the terminal that shows the message.
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;
const escaped = (text: string): string =>
  text.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * A text from outside as messages quote it: its start and its end with '...' between where it has more than `most` characters,
 * control characters as JSON escapes them.
 */
export function clip(text: string, most = CLIPPED): string {
  const whole = escaped(text.length <= most ? text : '');
  if (text.length <= most && whole.length <= most) return whole;
  const end = Math.floor((most - 3) / 3);
  return `${escaped(text.slice(0, most)).slice(0, most - 3 - end)}...${escaped(text.slice(-most)).slice(-end)}`;
}

/** A name or text from outside in quotes. */
export const quote = (text: unknown): string => `'${clip(String(text))}'`;

/** A value as JSON, as messages quote it; numbers that JSON lacks as they are, and of what it cannot write the kind. */
export function show(value: unknown): string {
  if (typeof value === 'number') return String(value);
  try {
    return clip(JSON.stringify(value) ?? String(value));
  } catch {
    // It refers to itself, is too deep for the stack, or holds a bigint.
    return describeValue(value);
  }
}

/** What an error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
