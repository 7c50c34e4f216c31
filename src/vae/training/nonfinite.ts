import { topologicalOrder } from '../../autograd/backward.js';
import type { Gradients } from '../../autograd/index.js';
import { describe, nodeOf } from '../../autograd/node.js';
import { allFinite } from '../../autograd/ops/within.js';
import type { Optimizer } from '../../nn/optim/optimizer.js';
import type { DType } from '../../tensor/dtype.js';
import { formatNumber } from '../../tensor/format.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';

/** What a tensor holds: `from -3.1 to 2.7, 4 NaN, 1 infinite`. */
function valuesOf(t: Tensor): string {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let nans = 0;
  let infinite = 0;
  for (const x of t.data) {
    if (Number.isNaN(x)) nans++;
    else if (!Number.isFinite(x)) infinite++;
    else {
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
  }
  const parts: string[] = [];
  if (low <= high)
    parts.push(low === high ? `${formatNumber(low)}` : `from ${formatNumber(low)} to ${formatNumber(high)}`);
  if (nans > 0) parts.push(`${nans} NaN`);
  if (infinite > 0) parts.push(`${infinite} infinite`);
  return parts.join(', ');
}

/** `'logvar' [128, 2]: from -3.1 to 2.7`. */
function summary(t: Tensor): string {
  const plain = t.label === undefined && nodeOf(t) === null;
  return `${describe(t)}${plain ? '' : ` ${formatShape(t.shape)}`}: ${valuesOf(t)}`;
}

/** `'z' (reparameterize)`, or `'mul#17'` for one without a name of its own. */
function withOp(t: Tensor): string {
  const op = nodeOf(t)?.op;
  return op && t.label !== undefined ? `${describe(t)} (${op.name})` : describe(t);
}

/**
 * Where NaN or infinity first came up on the way to `loss`: the node, and the ranges of its inputs. The recorded ones
 * among them are finite, or the walk would have stopped there; plain data may not be.
 */
export function explainLoss(loss: Tensor): string {
  const head = `the loss is ${loss.data[0]}`;
  const first = topologicalOrder(loss).find(({ tensor }) => !allFinite([tensor]));
  if (first === undefined) return head;
  const { tensor, node } = first;
  if (node.op === null) {
    return (
      `${head}: the parameter ${summary(tensor)}; ` +
      'an earlier step was too large: go back to a checkpoint and lower the learning rate, or set clipNorm'
    );
  }
  return [
    `${head}: the first node that is not finite is ${withOp(tensor)} ${formatShape(tensor.shape)}: ${valuesOf(tensor)}`,
    `  it is ${node.op.doc} Its inputs:`,
    ...node.inputs.map((x) => `  ${summary(x)}`),
    '  Look for data far out of range, lower the learning rate, or set clipNorm',
  ].join('\n');
}

/**
 * The parameter whose gradient is not finite, and where on the way back from the loss that first came up;
 * undefined when the gradient of every parameter is finite.
 * @param again computes them once more, where those of inner tensors were not retained
 */
export function explainGradients(
  parameters: ReadonlyMap<string, Tensor>,
  gradients: Gradients,
  again: () => Gradients = () => gradients,
): string | undefined {
  const found = [...parameters.values()].map((parameter) => gradients.find(parameter));
  if (allFinite(found.filter((gradient) => gradient !== undefined))) return undefined;
  for (const [name, parameter] of parameters) {
    const gradient = gradients.find(parameter);
    if (gradient === undefined || allFinite([gradient])) continue;
    const source = [...again().entries()].find(([, g]) => !allFinite([g]))?.[0] ?? parameter;
    return (
      `the loss is finite, but not the gradient of '${name}' (${valuesOf(gradient)}); going back from the loss, ` +
      `the gradient of ${withOp(source)} is the first that is not. Lower the learning rate, or scale the data`
    );
  }
  return undefined;
}

/** The parameter, the buffer, or what the optimiser remembers, that is not finite; undefined when all of them are. */
export function explainState(
  optimizer: Optimizer,
  parameters: ReadonlyMap<string, Tensor>,
  buffers: ReadonlyMap<string, Tensor>,
  dtype: DType,
): string | undefined {
  const name = optimizer.findNotFinite() ?? [...buffers].find(([, t]) => !allFinite([t]))?.[0];
  if (name === undefined) return undefined;
  const owner = parameters.has(name) ? 'the parameter' : buffers.has(name) ? 'the buffer' : "the optimiser's";
  return (
    `${owner} '${name}' is not finite: a step or a squared gradient is too large for ${dtype}; ` +
    'go back to an earlier checkpoint and lower the learning rate or the weight of the term that is large, or set clipNorm'
  );
}
