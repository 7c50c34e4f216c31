import type { Graph, GraphNode } from '../../autograd/index.js';
import { words } from '../../study/reports/report.js';
import { formatNumber } from '../../tensor/format.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { formatRows } from '../table.js';

/** Tensors up to this many elements are written out. */
const WRITTEN_OUT = 4;

/** The elements of a small tensor, the range of a larger one. */
export function summary(t: Tensor): string {
  if (t.rank === 0) return formatNumber(t.data[0]);
  if (t.size <= WRITTEN_OUT) return `[${Array.from(t.data, (x) => formatNumber(x)).join(', ')}]`;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of t.data) {
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  return `${formatNumber(low)} .. ${formatNumber(high)}`;
}

const nameOf = ({ id, label }: GraphNode): string => label ?? `%${id}`;

/** One line for each tensor: name, op, shape, value and the gradient of the loss with respect to it. */
export function graphText(graph: Graph): string {
  const call = ({ op, inputs, attributes }: GraphNode): string => {
    const given = attributes === undefined ? '' : ` ${JSON.stringify(attributes)}`;
    return inputs.length === 0 ? op : `${op}(${inputs.map(nameOf).join(', ')})${given}`;
  };
  return formatRows(graph.nodes, [
    words('tensor', nameOf),
    words('made by', call),
    words('shape', ({ value }) => formatShape(value.shape)),
    words('value', ({ value }) => summary(value)),
    words('gradient of the loss', ({ gradient }) => (gradient === undefined ? '-' : summary(gradient))),
  ]);
}
