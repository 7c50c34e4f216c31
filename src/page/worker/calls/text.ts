/// <reference path="../../texts.d.ts" />
import { list } from 'virtual:programs';
import type { ProgramPart } from '../../shared/document.js';
import type { Lab } from '../lab.js';
import { nextTurn } from '../turn.js';

/** What a snippet has declared and printed, with the values that it was run with. */
interface Ran {
  readonly key: string;
  readonly names: Readonly<Record<string, unknown>>;
  readonly printed: string;
}

/** The last run of each snippet of each text. */
const known = new Map<string, Map<number, Ran>>();

let lines: string[] = [];
/** The console of all snippets: a function of an earlier one prints for the one that calls it. */
const print = {
  log(...parts: unknown[]): void {
    lines.push(parts.map(String).join(' '));
  },
};

/** Runs a snippet after those that it needs; what has run with the same values is not run again. */
async function runPart(
  parts: readonly ProgramPart[],
  ran: Map<number, Ran>,
  index: number,
  values: Readonly<Record<number, readonly number[]>>,
): Promise<Ran> {
  const { needs, run } = parts[index];
  const names: Record<string, unknown> = {};
  const keys: string[] = [];
  for (const need of needs) {
    const needed = await runPart(parts, ran, need, values);
    Object.assign(names, needed.names);
    keys.push(needed.key);
  }
  const own = values[index] ?? [];
  const key = JSON.stringify([own, keys]);
  const before = ran.get(index);
  if (before?.key === key) return before;
  // Other calls are answered in between.
  await nextTurn();
  lines = [];
  const declared = run(names, print, own);
  const made: Ran = { key, names: declared, printed: lines.join('\n') };
  ran.set(index, made);
  return made;
}

let last: Promise<unknown> = Promise.resolve();

export const textCalls = {
  /**
   * Runs a snippet of a text after those whose names it uses.
   * @param args.values of the controls, by the index of the snippet that has them
   * @returns what it prints
   * @throws what the snippet throws
   */
  async textRun(
    _: Lab,
    args: { name: string; index: number; values: Readonly<Record<number, readonly number[]>> },
  ): Promise<string> {
    const { parts } = await list[args.name]();
    const ran = known.get(args.name) ?? new Map<number, Ran>();
    known.set(args.name, ran);
    // One after another: two at a time would each make their own of what both need.
    const result = last.then(() => runPart(parts, ran, args.index, args.values));
    last = result.catch(() => {});
    return (await result).printed;
  },
};
