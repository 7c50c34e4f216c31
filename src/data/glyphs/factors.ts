/** What a factor means and how it is spread over the glyphs. */
export interface FactorSpec {
  readonly doc: string;
  /** Smallest and largest value drawn at random; a traversal goes from one to the other. */
  readonly range: readonly [number, number];
  /** The middle of the values drawn. */
  readonly centre: number;
  /** Standard deviation of the values drawn, before they are held to the range; 0 where all are alike likely. */
  readonly deviation: number;
}

const spread = (
  doc: string,
  range: readonly [number, number],
  centre: number,
  deviation: number,
): FactorSpec => ({ doc, range, centre, deviation });

/** All that a glyph is made of: two choices and ten numbers. */
export const FACTORS = {
  digit: spread('which digit, 0 to 9', [0, 9], 4.5, 0),
  variant: spread('which way of writing that digit, see GLYPH_VARIANTS', [0, 3], 0, 0),
  slant: spread('lean to the right: tangent of the angle', [-0.4, 0.7], 0.15, 0.22),
  rotation: spread('turn to the left: tangent of the angle', [-0.2, 0.2], 0, 0.06),
  strokeWidth: spread('width of the pen, pixels', [1.4, 5], 2.7, 0.75),
  scale: spread('longer side as a share of the usual 20 pixels', [0.88, 1.06], 1, 0.03),
  aspect: spread('breadth relative to the height', [0.65, 1.5], 1.05, 0.15),
  shiftX: spread('centre of mass to the right, pixels', [-1.25, 1.25], 0, 0.4),
  shiftY: spread('centre of mass downwards, pixels', [-1.25, 1.25], 0, 0.4),
  wobble: spread('unsteadiness: displacement in heights', [0, 0.09], 0.045, 0.015),
  wobbleKey: spread('which displacement, a whole number below 2^24', [0, 2 ** 24 - 1], 0, 0),
  pressure: spread('middle of a stroke thicker than its ends', [-0.35, 0.6], 0.12, 0.17),
};

/** The name of a factor. */
export type FactorName = keyof typeof FACTORS;
/** The factors of one glyph. */
export type GlyphFactors = Readonly<Record<FactorName, number>>;

/** The names, in the order of {@link FACTORS}. */
export const FACTOR_NAMES = Object.keys(FACTORS) as readonly FactorName[];

const refuse = (name: string, value: number, needs: string): never => {
  throw new RangeError(`drawGlyph: ${name} is ${value}; it needs to be ${needs}`);
};

/** @throws RangeError naming the factor. Beyond 100 in anything, no ink is left in the picture. */
export function checkNumber(name: string, value: number): void {
  if (!(Math.abs(value) <= 100)) refuse(name, value, 'a number, -100 to 100');
}

/**
 * Checks that a glyph can be drawn from these factors. They may leave the range that is drawn at random, within
 * reason: a page's slider or a traversal goes where it likes.
 *
 * @param factors what to check
 * @param waysOf how many ways of writing a digit there are
 * @throws RangeError naming the factor
 */
export function checkFactors(factors: GlyphFactors, waysOf: (digit: number) => number): void {
  const whole = (name: FactorName, below: number) => {
    const value = factors[name];
    if (!Number.isInteger(value) || value < 0 || value >= below)
      refuse(name, value, `a whole number, 0 to ${below - 1}`);
  };
  whole('digit', 10);
  whole('variant', waysOf(factors.digit));
  whole('wobbleKey', 2 ** 24);
  for (const name of FACTOR_NAMES) if (name !== 'wobbleKey') checkNumber(name, factors[name]);
  const { strokeWidth, scale, aspect } = factors;
  if (strokeWidth < 0) refuse('strokeWidth', strokeWidth, 'no less than 0');
  if (scale <= 0) refuse('scale', scale, 'above 0');
  if (aspect <= 0) refuse('aspect', aspect, 'above 0');
}
