import { Tensor } from '../../tensor/tensor.js';
import { type Kink, kinkBetween } from '../kinks.js';
import { Random } from '../ops/random.js';
import { type Displacement, elementDisplacements, randomDisplacements } from './displacements.js';
import { checkFinite, indexOf, placeOf } from './evaluate.js';
import { displaced, Ladder } from './ladder.js';
import { type GradcheckSettings, MAX_ELEMENTS } from './options.js';
import { Recording, type Row } from './recording.js';
import { describePlace, type GradcheckEntry } from './report.js';
import { type Judgement, judged, worstOf } from './verdict.js';

/** One recorded function, with what is needed to compare any of its derivatives. */
export interface Comparison {
  readonly recording: Recording;
  readonly cotangents: Float64Array;
  readonly output: string;
  readonly order: 1 | 2;
  readonly settings: GradcheckSettings;
}

/** A difference at the first step that comes as near as this needs no other. */
const NEAR = 1e-8;
/** A part of <v, f> below this would hide in it, were it wrong by 1 %. */
const VISIBLE = 1e-5;
/** A slope that bends by no more than this over the first step is smooth there. */
const SMOOTH = 0.01;
/** Above this many, outputs that move are weighed against each other, so that all count alike, and not told apart. */
const MAX_OUTPUTS = 64;
/** A larger step that must leave an output as it is where both derivatives are 0. */
const FAR = 2 ** -5;
/** Largest step, times max(1, |x|). */
const TOP = 2 ** -2;
/** A gradient that this relative change of the inputs changes by a quarter is made of rounding. */
const SHAKE = 2 ** -36;

const powerOfTwoBelow = (x: number): number => 2 ** Math.floor(Math.log2(x));

/** <gradient, d>, and the sum of its absolute terms. */
function along({ gradients }: Row, { direction }: Displacement): [value: number, absolute: number] {
  let value = 0;
  let absolute = 0;
  direction.forEach((d, k) => {
    for (let i = 0; d !== null && i < d.length; i++) {
      if (d[i] === 0) continue;
      const term = gradients[k][i] * d[i];
      value += term;
      absolute += Math.abs(term);
    }
  });
  return [value, absolute];
}

/** Compares the derivatives of one function at one point. */
class Comparer {
  readonly #rows = new Map<number, Row>();
  readonly #shared: Row;

  constructor(private readonly c: Comparison) {
    this.#shared = c.recording.row(c.cotangents);
    const { inputs, inputNames } = c.recording.guarded;
    checkFinite(
      this.#shared.gradients.map((g, k) => new Tensor(g, inputs[k].shape)),
      (k) => `'${c.output}', the gradient of ${inputNames[k]}`,
      'at the given inputs',
    );
  }

  /** The row of the Jacobian for one output. */
  #row(output: number): Row {
    const known = this.#rows.get(output);
    if (known !== undefined) return known;
    const { recording } = this.c;
    const row = recording.row(unit(recording.values.length, output));
    this.#rows.set(output, row);
    return row;
  }

  /** How much rounding may change one output. */
  readonly #rounding = (output: number): number => {
    const { recording, cotangents } = this.c;
    const known = this.#rows.get(output);
    if (known !== undefined) return known.rounding;
    if (recording.values.length <= MAX_OUTPUTS) return this.#row(output).rounding;
    return this.#shared.rounding / Math.abs(cotangents[output]);
  };

  compare(displacement: Displacement): Omit<GradcheckEntry, 'inputName' | 'order' | 'output'> {
    const { recording, output, order } = this.c;
    const { input, element, number } = displacement;
    const { inputs, inputNames } = recording.guarded;
    const place = {
      input,
      element: input === null || element === null ? null : indexOf(element, inputs[input].shape),
      direction: number,
    };
    const inputName = input === null ? 'all inputs' : inputNames[input];
    const ladder = new Ladder(recording, displacement.direction, () =>
      describePlace({ ...place, output, order, inputName }),
    );
    const start = powerOfTwoBelow(displacement.step);
    const quick = this.#quickly(ladder, displacement, start);
    if (quick !== null) return { ...place, ...quick, step: start, outputElement: null, kink: null };
    const { judgement, step, kink } = this.#carefully(ladder, displacement, start);
    const { output: alone, ...found } = judgement;
    return { ...place, ...found, step, outputElement: this.#elementOf(alone), kink };
  }

  /** The indices of an output, where there are several. */
  #elementOf(output: number | null): number[] | null {
    const { outputs, values } = this.c.recording;
    if (output === null || values.length === 1) return null;
    const [index, element] = placeOf(output, outputs);
    return outputs.length === 1 ? element : [index, ...element];
  }

  /** One difference, where that leaves no doubt; else null. */
  #quickly(ladder: Ladder, displacement: Displacement, step: number): Omit<Judgement, 'output'> | null {
    const { recording, cotangents, settings } = this.c;
    const { values } = recording;
    const rung = ladder.at(step);
    if (rung === null) return null;
    const { up, down } = rung;
    let numeric = 0;
    let total = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < values.length; j++) {
      if (up[j] === down[j] && up[j] === values[j]) continue;
      const slope = (up[j] - down[j]) / (2 * step);
      const corner = Math.abs(up[j] - values[j] - (values[j] - down[j])) / step;
      if (corner > SMOOTH * Math.abs(slope)) return null;
      const term = cotangents[j] * slope;
      numeric += term;
      total += Math.abs(term);
      least = Math.min(least, Math.abs(term));
    }
    const [analytic, absolute] = along(this.#shared, displacement);
    const scale = Math.max(total, absolute);
    if (scale === 0) return this.#isFlat(ladder) ? RIGHT_ZERO : null;
    const error = Math.abs(analytic - numeric) / scale;
    const near = Math.min(NEAR, settings.tolerance);
    if (!(error <= near && Number.isFinite(scale) && least >= VISIBLE * scale)) return null;
    const uncertainty = this.#shared.rounding / step;
    return { analytic, numeric, uncertainty, error, verdict: 'right' };
  }

  /** Whether no output moves over a larger step either. */
  #isFlat(ladder: Ladder): boolean {
    const { values } = this.c.recording;
    const far = ladder.at(FAR);
    return far?.up.every((y, j) => y === values[j] && far.down[j] === y) ?? false;
  }

  #carefully(
    ladder: Ladder,
    displacement: Displacement,
    first: number,
  ): { judgement: Judgement; step: number; kink: Kink | 'unnamed' | null } {
    const { recording, settings } = this.c;
    const { direction } = displacement;
    const { inputs } = recording.guarded;
    // An element next to 0 may have a scale of its own there, as of log.
    let start = first;
    const top = (TOP * first) / powerOfTwoBelow(settings.step);
    let reach = top;
    if (displacement.input !== null && displacement.element !== null) {
      const x = Math.abs(inputs[displacement.input].data[displacement.element]);
      if (x > 0) {
        start = Math.min(start, Math.max(Number.MIN_VALUE, powerOfTwoBelow(x) * 2 ** -10));
        reach = Math.min(top, x / 2);
      }
    }
    const slopes = ladder.slopes(
      start,
      top,
      reach,
      this.#rounding,
      0.05 * Math.min(settings.tolerance, 1e-6),
    );
    const found: Judgement[] = [];
    const { moving, value, error, bent } = slopes;
    const size = recording.values.length;
    const judge = (
      row: Row,
      numeric: number,
      uncertainty: number,
      output: number | null,
      isBent: boolean,
    ): void => {
      const [analytic, absolute] = along(row, displacement);
      const derivative = { analytic, numeric, uncertainty, absolute, isBent };
      const isRounding = (): boolean => this.#isRounding(output, displacement, analytic);
      found.push({
        analytic,
        numeric,
        uncertainty,
        output,
        ...judged(derivative, settings.tolerance, isRounding),
      });
    };
    if (moving.length <= MAX_OUTPUTS) {
      for (const j of moving) judge(this.#row(j), value[j], error[j], j, bent[j] > 0);
    } else {
      const weights = this.#weights(moving, (j) => Math.max(Math.abs(value[j]), error[j]));
      const sum = (of: Float64Array, absolute = false): number =>
        moving.reduce((s, j) => s + (absolute ? Math.abs(weights[j]) * of[j] : weights[j] * of[j]), 0);
      judge(
        recording.row(weights),
        sum(value),
        sum(error, true),
        null,
        moving.some((j) => bent[j] > 0),
      );
    }
    const still = new Set(moving);
    const others = [...error.keys()].filter((j) => !still.has(j));
    if (others.length > 0 && size <= MAX_OUTPUTS) {
      for (const j of others) judge(this.#row(j), 0, error[j], j, false);
    } else if (others.length > 0) {
      const weights = this.#weights(others, (j) => error[j] || 1);
      judge(
        recording.row(weights),
        0,
        others.reduce((s, j) => s + Math.abs(weights[j]) * error[j], 0),
        null,
        false,
      );
    }
    const judgement = worstOf(found);
    const suspect = judgement.verdict !== 'right';
    const isBent = judgement.output === null ? bent.some((jump) => jump > 0) : bent[judgement.output] > 0;
    const kink = suspect ? (this.#kink(direction, slopes.step) ?? (isBent ? 'unnamed' : null)) : null;
    return { judgement, step: slopes.step, kink };
  }

  /** Random cotangents that give each of these outputs the same size. */
  #weights(outputs: readonly number[], sizeOf: (output: number) => number): Float64Array {
    const weights = new Float64Array(this.c.cotangents.length);
    for (const j of outputs) weights[j] = this.c.cotangents[j] / (sizeOf(j) || 1);
    return weights;
  }

  /** Whether a gradient is what rounding has left of zero: it is another one where the inputs are changed in their last digits. */
  #isRounding(output: number | null, displacement: Displacement, analytic: number): boolean {
    if (output === null) return false;
    const { recording, settings } = this.c;
    const { guarded, values } = recording;
    const stream = new Random(settings.seed).stream('gradcheck').split('shake');
    for (let k = 0; k < 3; k++) {
      const inputs = guarded.inputs.map((x) => {
        const factors = stream.uniform(new Float64Array(x.size), -SHAKE, SHAKE);
        return new Tensor(
          new Float64Array(x.data).map((y, i) => y + y * factors[i]),
          x.shape,
        );
      });
      const shaken = new Recording({ ...guarded, inputs }, settings.held);
      const [other] = along(shaken.row(unit(values.length, output)), displacement);
      if (Math.abs(other - analytic) >= 0.25 * Math.abs(analytic)) return true;
    }
    return false;
  }

  /** The op that bends within a step, where one can be seen. */
  #kink(direction: Displacement['direction'], step: number): Kink | null {
    const { recording } = this.c;
    const { inputs } = recording.guarded;
    const [above, below] = [step, -step].map((h) => recording.record(displaced(inputs, direction, h)));
    for (let k = 0; k < above.length; k++) {
      const kink = kinkBetween(above[k], below[k]);
      if (kink !== null) return kink;
    }
    return null;
  }
}

const RIGHT_ZERO = { analytic: 0, numeric: 0, uncertainty: 0, error: 0, verdict: 'right' } as const;

function unit(size: number, at: number): Float64Array {
  const v = new Float64Array(size);
  v[at] = 1;
  return v;
}

/**
 * Compares the derivatives of one function at one point, each entry as it is made.
 * @throws CheckStopped when the function cannot be checked there.
 */
export function* compareGradients(comparison: Comparison): Generator<GradcheckEntry> {
  const { recording, output, order, settings } = comparison;
  recording.checkPoint(output);
  const { inputs, inputNames } = recording.guarded;
  const total = inputs.reduce((sum, x, k) => sum + (settings.held.has(k) ? 0 : x.size), 0);
  const mode = settings.mode ?? (total <= MAX_ELEMENTS ? 'elements' : 'directions');
  const stream = new Random(settings.seed).stream('gradcheck').split('directions');
  const displacements =
    mode === 'elements'
      ? elementDisplacements(inputs, settings)
      : randomDisplacements(inputs, settings, stream);
  const comparer = new Comparer(comparison);
  for (const displacement of displacements) {
    const { input, element } = displacement;
    if (element === null && displacement.direction.every((d) => d === null)) continue;
    const inputName = input === null ? 'all inputs' : inputNames[input];
    yield { output, order, inputName, ...comparer.compare(displacement) };
  }
}
