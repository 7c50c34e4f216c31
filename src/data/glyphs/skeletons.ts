import { parseStroke, type Stroke } from './curve.js';

/** One way of writing a digit. */
export interface Skeleton {
  readonly name: string;
  /** How common it is among the ways of writing its digit; they add up to 1. */
  readonly share: number;
  readonly strokes: readonly Stroke[];
}

function skeleton(name: string, share: number, ...strokes: string[]): Skeleton {
  return { name, share, strokes: strokes.map(parseStroke) };
}

/** How people write each digit: SKELETONS[digit][variant]. Points in hundredths of the digit's height. */
export const SKELETONS: readonly (readonly Skeleton[])[] = [
  [
    skeleton('closed', 0.6, '6,1 -16,8 -32,32 -33,62 -20,90 3,99 26,86 35,58 30,26 16,6 2,1'),
    skeleton('overlapping', 0.25, '18,10 -2,0 -23,14 -35,46 -27,82 -3,100 23,86 33,53 25,18 5,3 -11,9'),
    skeleton('open', 0.15, '-2,3 -21,16 -33,46 -29,78 -6,99 21,89 34,62 29,26 10,4'),
  ],
  [
    skeleton('plain', 0.84, '0,0 0,50 0,100'),
    skeleton('flag', 0.1, '-18,20 -8,13 0,1! 0,50 0,100'),
    skeleton('flag and base', 0.06, '-16,18 0,2! 0,50 0,98', '-22,99 0,98 22,98'),
  ],
  [
    skeleton('pointed', 0.28, '-26,18 -14,4 6,0 23,11 21,32 4,62 -28,95! 0,93 34,94'),
    skeleton('looped', 0.3, '-24,16 -10,3 10,1 24,13 19,38 2,68 -18,92 -31,94 -31,83 -16,80 6,90 38,88'),
    skeleton('waved', 0.22, '-30,16 -10,4 16,3 25,20 10,52 -14,80 -30,95! -10,89 16,95 40,92'),
    skeleton('wide', 0.2, '-30,12 -10,1 12,5 20,24 2,58 -22,84 -38,92 -40,84 -22,82 10,90 52,84'),
  ],
  [
    skeleton('round', 0.45, '-24,9 -2,0 20,6 22,24 6,41 -9,46! 12,49 26,66 20,88 -4,100 -30,92'),
    skeleton('flat top', 0.15, '-26,5 0,3 28,2! 4,38! 20,46 28,68 16,92 -8,100 -31,90'),
    skeleton('looped', 0.4, '-22,12 -4,0 19,4 22,22 4,43 -10,50 -4,54 8,48 25,60 24,84 2,100 -26,93'),
  ],
  [
    skeleton('open', 0.35, '-24,4 -29,28 -28,47 -8,53 28,42', '26,2 20,50 15,100'),
    skeleton('closed', 0.1, '14,0 -10,28 -30,58! 0,60 32,56', '14,0 12,50 8,100'),
    skeleton('one stroke', 0.3, '-24,2 -32,34 -24,52 0,51 20,36 27,4! 21,50 12,100'),
    skeleton('wide', 0.25, '-24,6 -40,50! -8,54 40,46', '24,0 12,48 2,100'),
  ],
  [
    skeleton(
      'two strokes',
      0.35,
      '-14,6 -18,24 -22,45! -2,38 18,48 23,70 10,93 -10,100 -34,92',
      '-14,6 10,5 42,0',
    ),
    skeleton('one stroke', 0.3, '32,2 8,3 -14,6! -20,26 -24,44! -4,38 17,46 25,66 14,90 -8,100 -34,92'),
    skeleton('flowing', 0.35, '40,0 6,4 -13,11 -16,28 -2,42 16,54 21,73 6,95 -16,99 -34,88'),
  ],
  [
    skeleton('curved', 0.5, '16,0 -8,20 -24,48 -28,74 -18,94 4,100 23,86 23,66 7,57 -12,66 -24,84'),
    skeleton('upright', 0.2, '-4,0 -20,30 -28,64 -20,90 2,100 25,88 27,68 9,56 -14,64 -25,80'),
    skeleton('wide loop', 0.3, '8,0 -18,30 -30,66 -22,92 2,99 30,84 36,66 20,56 -2,68 -10,92'),
  ],
  [
    skeleton('plain', 0.5, '-30,9 -2,6 28,2! 14,34 0,68 -10,100'),
    skeleton('barred', 0.15, '-28,8 0,6 28,2! 12,40 -2,72 -10,100', '-20,54 4,50 28,47'),
    skeleton('hooked', 0.2, '-30,22 -28,7! 0,6 28,4! 12,46 0,74 -8,100'),
    skeleton('rounded', 0.15, '-28,14 -18,5 8,8 27,4 26,18 10,50 0,76 -6,100'),
  ],
  [
    skeleton(
      'one stroke',
      0.6,
      '24,10 4,0 -18,8 -19,25 0,43 20,64 20,86 -1,100 -21,88 -19,68 2,46 22,27 25,8',
    ),
    skeleton(
      'two rings',
      0.2,
      '4,1 -18,9 -17,33 2,46 20,34 20,11 2,1',
      '2,46 -20,60 -24,86 -2,100 21,88 20,62 2,46',
    ),
    skeleton('open top', 0.2, '30,2 2,1 -17,13 -10,33 10,54 19,78 5,99 -16,93 -17,73 4,52 22,34 32,16'),
  ],
  [
    skeleton('straight tail', 0.45, '21,10 2,1 -20,12 -24,36 -7,46 13,34 23,8! 16,52 8,100'),
    skeleton('curved tail', 0.15, '19,10 0,0 -21,14 -23,36 -4,46 15,34 21,10! 22,48 13,84 -5,100 -26,91'),
    skeleton('flowing', 0.4, '22,6 -2,2 -22,20 -23,38 -5,43 13,29 23,7 17,44 6,74 -2,100'),
  ],
];

/** The names of the ways in which each digit is written: `GLYPH_VARIANTS[digit][variant]`. */
export const GLYPH_VARIANTS: readonly (readonly string[])[] = SKELETONS.map((ways) =>
  ways.map(({ name }) => name),
);
