import { full } from '../tensor/create.js';
import { describeValue } from '../tensor/describe.js';
import { DTypeError, ShapeError } from '../tensor/errors.js';
import { checkOptions } from '../tensor/known-options.js';
import { formatShape, type Shape, sameShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { withRecording } from './apply.js';
import { Disposal } from './disposal.js';
import { GradientStore } from './gradient-store.js';
import { describe, type Node, needsGradient, nodeOf } from './node.js';
import { add } from './ops/arithmetic.js';
import { sum } from './ops/reduce.js';
import { reshape } from './ops/shape.js';
import { savedOf } from './saved.js';
import { type Recorded, topologicalOrder } from './topological-order.js';

export { topologicalOrder };

/** Options of {@link backward}. */
export interface BackwardOptions {
  /** Gradient of the loss with respect to the output; needed unless the output has one element. */
  readonly cotangent?: Tensor;
  /** Record the backward pass too, so that gradients can be differentiated again. */
  readonly createGraph?: boolean;
  /**
   * False for one pass over a graph that is not used after it, as in a training step: only variables get their gradients, and in a
   * `scope` the memory of all else is used again as soon as it has been read for the last time. Whoever uses one of those
   * tensors afterwards may find it gone, with a StaleTensorError; one whose `data` was read before, or that was kept, stays. Defaults
   * to true.
   */
  readonly retainGraph?: boolean;
}

/**
 * What `backward` found: the gradient of every recorded tensor that the output depends on; with `retainGraph: false`, of every variable
 * among them.
 */
export class Gradients {
  /** @internal */
  constructor(
    private readonly output: Tensor,
    private readonly found: GradientStore,
    private readonly retained: boolean,
  ) {}

  /**
   * The gradient of the output with respect to `t`, in the shape of `t`.
   * @throws Error when none reaches it, or it is not a variable's and was not retained.
   */
  get(t: Tensor): Tensor {
    const gradient = this.find(t);
    if (gradient !== undefined) return gradient;
    const node = nodeOf(t);
    const why =
      node === null
        ? 'it is plain data; wrap it with variable(...) before it is used'
        : node.needsGradient
          ? `${describe(this.output)} does not depend on it`
          : 'it depends on no variable, or only through stopGradient';
    throw new Error(`gradient of ${describe(t)}: ${why}`);
  }

  /** Like {@link get}, but undefined where no gradient reaches. */
  find(t: Tensor): Tensor | undefined {
    if (!this.retained && nodeOf(t)?.op != null) {
      throw new Error(`gradient of ${describe(t)}: it is no variable, and backward did not retain the graph`);
    }
    return this.found.get(t);
  }

  /** Every tensor with its gradient, from the output back to the variables. */
  entries(): IterableIterator<[Tensor, Tensor]> {
    return this.found.entries().values();
  }
}

/** Undoes broadcasting: sums `g` over the dimensions along which an input of shape `shape` was stretched. */
function unbroadcast(g: Tensor, shape: Shape): Tensor {
  const lead = g.rank - shape.length;
  const axes = g.shape
    .map((_, d) => d)
    .filter((d) => d < lead || (shape[d - lead] === 1 && g.shape[d] !== 1));
  return reshape(sum(g, { axes, keepDims: true }), { shape });
}

/** The gradient a rule gave, in the shape of the input. @throws when it has another shape or dtype than it must. */
function checkedGradient(node: Node, op: string, input: number, g: Tensor, output: Tensor): Tensor {
  const x = node.inputs[input];
  if (!(g instanceof Tensor)) {
    throw new TypeError(`${op}: the rule for input ${input} gave ${describeValue(g)}, not a tensor`);
  }
  if (g.dtype !== x.dtype) {
    throw new DTypeError(`${op}: the rule for input ${input} gave ${g.dtype}, but the input is ${x.dtype}`);
  }
  if (sameShape(g.shape, x.shape)) return g;
  const lead = g.rank - x.rank;
  const stretched =
    lead >= 0 &&
    g.rank === output.rank &&
    g.shape.every((n, d) => {
      const own = d < lead ? 1 : x.shape[d - lead];
      return n === own || (own === 1 && n === output.shape[d]);
    });
  if (!stretched) {
    throw new ShapeError(
      `${op}: the rule for input ${input} gave a gradient of shape ${formatShape(g.shape)}, ` +
        `but the input has shape ${formatShape(x.shape)}`,
    );
  }
  return unbroadcast(g, x.shape);
}

function initialGradient(output: Tensor, cotangent: Tensor | undefined): Tensor {
  if (cotangent === undefined) {
    if (output.size === 1) return full(output.shape, 1, { dtype: output.dtype });
    throw new ShapeError(
      `backward: ${describe(output)} has shape ${formatShape(output.shape)}; ` +
        'reduce it to one number (sum or mean), or give a cotangent of its shape',
    );
  }
  if (!(cotangent instanceof Tensor)) {
    throw new TypeError(
      `backward: the cotangent is ${describeValue(cotangent)}, not a tensor; make one with tensor(...)`,
    );
  }
  if (!sameShape(cotangent.shape, output.shape) || cotangent.dtype !== output.dtype) {
    throw new ShapeError(
      `backward: the cotangent is ${cotangent.dtype} ${formatShape(cotangent.shape)}, ` +
        `but the output is ${output.dtype} ${formatShape(output.shape)}`,
    );
  }
  return cotangent;
}

/** Adds what one application of an op contributes to the gradients of its inputs; `g` is its output's gradient. */
function propagate({ tensor, node }: Recorded, g: Tensor, found: GradientStore, disposal?: Disposal): void {
  const { op, inputs } = node;
  if (op === null) return;
  const saved = savedOf(node, tensor, disposal);
  for (let i = 0; i < inputs.length; i++) {
    const origin = nodeOf(inputs[i]);
    if (origin === null || !origin.needsGradient || !op.differentiable(i)) continue;
    if (inputs.length === 1) disposal?.lend(g);
    const contribution = checkedGradient(node, op.name, i, op.vjp(i, g, saved), tensor);
    disposal?.lend(null);
    const place = found.placeOf(inputs[i], origin);
    const before = found.at(place);
    const gradient = before === undefined ? contribution : add(before, contribution);
    found.set(place, gradient);
    disposal?.stored(gradient, before);
  }
}

/**
 * Reverse-mode differentiation: the gradient of `output` (or of its product with a cotangent) with respect to
 * every recorded tensor it depends on.
 * @throws Error when nothing was recorded; ShapeError for a non-scalar without a cotangent, or a cotangent that does
 * not fit; TypeError when either is not a tensor, or for createGraph without the graph.
 */
export function backward(output: Tensor, options: BackwardOptions = {}): Gradients {
  if (!(output instanceof Tensor)) {
    throw new TypeError(`backward: takes the tensor to differentiate, but got ${describeValue(output)}`);
  }
  checkOptions(options, ['cotangent', 'createGraph', 'retainGraph'], 'backward');
  const { createGraph = false, retainGraph = true } = options;
  if (createGraph && !retainGraph) {
    throw new TypeError('backward: createGraph needs to retain the graph');
  }
  if (!needsGradient(output)) {
    throw new Error(
      `backward: ${describe(output)} depends on no variable; wrap what to differentiate by with variable(...), ` +
        'and compute outside noGrad(...)',
    );
  }
  const first = initialGradient(output, options.cotangent);
  const order = topologicalOrder(output);
  const found = new GradientStore(order);
  found.set(order.length - 1, first);
  const disposal = retainGraph ? undefined : new Disposal(order, found, first);
  try {
    withRecording(createGraph, () => {
      for (let place = order.length - 1; place >= 0; place--) {
        const g = found.at(place);
        if (g !== undefined) propagate(order[place], g, found, disposal);
        disposal?.after(place);
      }
    });
  } finally {
    disposal?.end();
  }
  return new Gradients(output, found, retainGraph);
}
