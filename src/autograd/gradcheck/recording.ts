import { Tensor } from '../../tensor/tensor.js';
import { withRecording } from '../apply.js';
import { backward, type Gradients } from '../backward.js';
import { needsGradient, nodeOf } from '../node.js';
import {
  type Call,
  CheckStopped,
  call,
  checkFinite,
  evaluateLike,
  flatten,
  type Guarded,
} from './evaluate.js';

/** A vector-Jacobian product. */
export interface Row {
  /** By each input; zeros where no gradient reaches. */
  readonly gradients: readonly Float64Array[];
  /**
   * How much rounding may change <v, f>: the sum of |t| |d<v, f>/dt| over all numbers t that it was computed from, times
   * twice the precision of float64. It is large where large numbers cancel inside of f.
   */
  readonly rounding: number;
}

/** The sum of |t| |dy/dt| over what was rounded on the way to y: results of ops, and terms of sums inside of them. */
function roundedMagnitude(found: Gradients): number {
  const entries = [...found.entries()];
  const summed = new Set<Tensor>();
  for (const [t] of entries) {
    const node = nodeOf(t);
    const op = node?.op ?? null;
    const elementwise = op === null || op.primitive !== undefined || op.traced !== undefined;
    if (!elementwise) for (const x of node?.inputs ?? []) summed.add(x);
  }
  let magnitude = 0;
  for (const [t, { data: g }] of entries) {
    // An input itself is exact; it is the products of a matmul that are not.
    if (nodeOf(t)?.op === null && !summed.has(t)) continue;
    const { data } = t;
    for (let i = 0; i < data.length; i++) if (g[i] !== 0) magnitude += Math.abs(g[i] * data[i]);
  }
  return magnitude;
}

/** A function recorded at a point, to backpropagate through and to evaluate nearby. */
export class Recording {
  /** All outputs, one after the other, as v is. */
  readonly values: Float64Array;
  readonly #recorded: Call;

  constructor(
    readonly guarded: Guarded,
    private readonly held: ReadonlySet<number>,
  ) {
    this.#recorded = withRecording(true, () => call(guarded, (k) => !held.has(k)));
    this.values = flatten(this.outputs);
  }

  get outputs(): readonly Tensor[] {
    return this.#recorded.outputs;
  }

  /** The outputs at displaced inputs. @throws CheckStopped when their shapes are others. */
  evaluate(inputs: readonly Tensor[], where: () => string): Float64Array {
    return evaluateLike({ ...this.guarded, inputs }, this.outputs, where);
  }

  /** The outputs with their graph, at displaced inputs. */
  record(inputs: readonly Tensor[]): readonly Tensor[] {
    return withRecording(true, () => call({ ...this.guarded, inputs }, (k) => !this.held.has(k))).outputs;
  }

  /** Backpropagates cotangents, one for each of `values`. @throws CheckStopped when f has written into its inputs since. */
  row(cotangents: Float64Array): Row {
    const { given, outputs } = this.#recorded;
    const gradients = given.map((x) => new Float64Array(x.size));
    let magnitude = 0;
    let offset = 0;
    for (const y of outputs) {
      const v = cotangents.subarray(offset, offset + y.size);
      for (let j = 0; j < y.size; j++) magnitude += Math.abs(v[j] * this.values[offset + j]);
      offset += y.size;
      if (!needsGradient(y) || v.every((x) => x === 0)) continue;
      const found = backward(y, { cotangent: new Tensor(v.slice(), y.shape) });
      given.forEach((x, k) => {
        const part = found.find(x)?.data;
        if (part !== undefined) for (let i = 0; i < part.length; i++) gradients[k][i] += part[i];
      });
      magnitude += roundedMagnitude(found);
    }
    this.#recorded.checkUnchanged();
    return { gradients, rounding: 2 * Number.EPSILON * magnitude };
  }

  /** @throws CheckStopped unless f is finite at the point, and the same twice. */
  checkPoint(output: string): void {
    const here = 'at the given inputs';
    checkFinite(this.outputs, (k) => `'${output}', output ${k}`, here);
    const again = this.evaluate(this.guarded.inputs, () => 'at the second');
    const at = again.findIndex((y, i) => !Object.is(y, this.values[i]));
    if (at < 0) return;
    throw new CheckStopped(
      `not deterministic: two evaluations at the same point gave ${this.values[at]} and ${again[at]}; ` +
        'hold random numbers (epsilon) fixed across evaluations',
    );
  }
}
