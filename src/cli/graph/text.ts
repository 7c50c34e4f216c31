import type { Graph, GraphNode } from '../../autograd/index.js';
import { formatNumber } from '../../tensor/format.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { formatTable } from '../table.js';

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
  const rows = graph.nodes.map((node) => {
    const attributes = node.attributes === undefined ? '' : ` ${JSON.stringify(node.attributes)}`;
    const call = node.inputs.length === 0 ? '' : `(${node.inputs.map(nameOf).join(', ')})${attributes}`;
    return [
      nameOf(node),
      `${node.op}${call}`,
      formatShape(node.value.shape),
      summary(node.value),
      node.gradient === undefined ? '-' : summary(node.gradient),
    ];
  });
  const titles = ['tensor', 'made by', 'shape', 'value', 'gradient of the loss'];
  return formatTable(titles, rows, ['left', 'left', 'left', 'left', 'left']);
}
