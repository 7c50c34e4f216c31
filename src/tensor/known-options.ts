import { describeValue, quote } from './describe.js';

/** The least number of letters to insert, remove or replace that makes `b` of `a`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}

/** A name without what differs by convention only: case and underscores. */
const bare = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** Whether who writes `given` may mean `known`: a slip of the keyboard, initials, or a shorter or longer form. */
function isClose(given: string, known: string): boolean {
  if (given.length > 2 * known.length + 8) return false;
  const [a, b] = [bare(given), bare(known)];
  if (a === bare(known[0] + known.replace(/[^A-Z]/g, ''))) return true;
  if (Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a))) return true;
  return editDistance(a, b) <= Math.floor(Math.max(a.length, b.length) / 4);
}

/** What to say of an option that does not exist. */
function unknownOption(name: string, known: readonly string[], who: string): TypeError {
  if (known.length === 0) return new TypeError(`${who}: takes no options, but got ${quote(name)}`);
  const close = known.find((candidate) => isClose(name, candidate));
  const guess = close === undefined ? '' : `; did you mean '${close}'?`;
  const [verb, list] = known.length === 1 ? ['is only', `'${known[0]}'`] : ['are', known.join(', ')];
  return new TypeError(`${who}: there is no option ${quote(name)}; there ${verb} ${list}${guess}`);
}

/** Whether `x` is an object as literals and JSON make them, of whatever realm, and not of a class. */
export function isPlainObject(x: unknown): x is object {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) return false;
  const prototype = Object.getPrototypeOf(x);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Refuses options that a function does not know: a misspelt one would do nothing, in silence.
 * @param given what the caller wrote
 * @param known the names of all options that exist
 * @param who the function or class, for the error
 * @throws TypeError unless `given` is a plain object whose every key is one of `known`.
 */
export function checkOptions(given: unknown, known: readonly string[], who: string): void {
  if (!isPlainObject(given)) {
    const how =
      known.length === 0 ? 'takes no options' : `options are given by name, as in { ${known[0]}: ... }`;
    throw new TypeError(`${who}: ${how}, but got ${describeValue(given)}`);
  }
  // Ops of a few numbers pass here: a loop that allocates nothing.
  for (const name in given) if (!known.includes(name)) throw unknownOption(name, known, who);
}
