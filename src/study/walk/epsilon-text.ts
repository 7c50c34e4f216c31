import { quote } from '../../tensor/describe.js';
/** One element of the noise, set by hand. */
export interface EpsilonEdit {
  readonly example: number;
  readonly dimension: number;
  readonly value: number;
}

/** Which noise a walk takes. */
export interface EpsilonChoice {
  /** 'frozen' is the noise that the training step takes; a redraw is counted from 1. */
  readonly base: 'frozen' | 'zero' | { readonly redraw: number };
  readonly edits: readonly EpsilonEdit[];
}

/** Epsilon as it was drawn, without a change. */
export const FROZEN: EpsilonChoice = { base: 'frozen', edits: [] };

/** The choice as a short text for an address: 'frozen', 'zero', 'redrawn-3', with edits after it as in 'frozen_3-1_0.5'. */
export function formatEpsilon({ base, edits }: EpsilonChoice): string {
  const first = typeof base === 'string' ? base : `redrawn-${base.redraw}`;
  return [
    first,
    ...edits.flatMap(({ example, dimension, value }) => [`${example}-${dimension}`, String(value)]),
  ].join('_');
}

/** Whether a number can be set as noise: a finite one, in float32 too. */
export const isNoise = (x: number): boolean => Number.isFinite(Math.fround(x));

function wrong(text: string, what: string): never {
  throw new RangeError(
    `epsilon ${quote(text)}: ${what}; it must be 'frozen', 'zero' or 'redrawn-3', with edits after it as in 'frozen_3-1_0.5': ` +
      'example 3, dimension 1, value 0.5',
  );
}

/** What {@link formatEpsilon} wrote. @throws RangeError saying what cannot be read. */
export function parseEpsilon(text: string): EpsilonChoice {
  const [first, ...fields] = text.split('_');
  const redraw = /^redrawn-([1-9]\d{0,8})$/.exec(first)?.[1];
  if (redraw === undefined && first !== 'frozen' && first !== 'zero')
    wrong(text, `there is no noise ${quote(first)}`);
  if (fields.length % 2 === 1) wrong(text, 'the last edit has no value');
  const edits = Array.from({ length: fields.length / 2 }, (_, i): EpsilonEdit => {
    const [place, written] = [fields[2 * i], fields[2 * i + 1]];
    const found = /^(\d{1,9})-(\d{1,9})$/.exec(place);
    const value = written.trim() === '' ? Number.NaN : Number(written);
    if (found === null) wrong(text, `${quote(place)} is not an element`);
    if (!isNoise(value)) wrong(text, `${quote(written)} is not a float32 number`);
    return { example: Number(found[1]), dimension: Number(found[2]), value };
  });
  if (redraw !== undefined) return { base: { redraw: Number(redraw) }, edits };
  return { base: first === 'zero' ? 'zero' : 'frozen', edits };
}

/** The choice with one element set, instead of what was set there before; null takes the edit back. */
export function withEdit(
  { base, edits }: EpsilonChoice,
  example: number,
  dimension: number,
  value: number | null,
): EpsilonChoice {
  const others = edits.filter((edit) => edit.example !== example || edit.dimension !== dimension);
  return { base, edits: value === null ? others : [...others, { example, dimension, value }] };
}
