import { formatNumber } from '../../tensor/format.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Graph, GraphNode } from './graph.js';

/** A scalar's value, or the range and mean of a larger tensor. */
function summary(t: Tensor): string {
  if (t.size === 0) return 'empty';
  if (t.size === 1) return formatNumber(t.data[0]);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (const x of t.data) {
    low = Math.min(low, x);
    high = Math.max(high, x);
    total += x;
  }
  return `${formatNumber(low)}..${formatNumber(high)}, mean ${formatNumber(total / t.size)}`;
}

/** JSON has no NaN and infinities: they become strings. */
const finiteOrText = (_key: string, x: unknown): unknown =>
  typeof x === 'number' && !Number.isFinite(x) ? String(x) : x;

function attributesText(attributes: unknown): string {
  return attributes === undefined ? '' : ` ${JSON.stringify(attributes, finiteOrText)}`;
}

const name = (node: GraphNode): string =>
  node.label === undefined ? `%${node.id}` : `%${node.id} ${node.label}`;

/** One line per tensor: `%5 z = add(%3, %4) [128, 2]  value -2.1..1.9, mean 0.02  gradient ...`. */
export function formatGraph(graph: Graph): string {
  return graph.nodes
    .map((node) => {
      const call = `${node.op}${node.inputs.length === 0 ? '' : `(${node.inputs.map((x) => `%${x.id}`).join(', ')})`}`;
      const gradient = node.gradient === undefined ? '' : `  gradient ${summary(node.gradient)}`;
      return `${name(node)} = ${call}${attributesText(node.attributes)} ${formatShape(node.value.shape)}  value ${summary(node.value)}${gradient}`;
    })
    .join('\n');
}

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;

/** The graph for Graphviz: `dot -Tsvg`. Variables are boxes, constants plain text, ops ellipses. */
export function toDot(graph: Graph): string {
  const lines = graph.nodes.flatMap((node) => {
    const shape = node.op === 'variable' ? 'box' : node.op === 'constant' ? 'plaintext' : 'ellipse';
    const title = node.label === undefined ? node.op : `${node.label} = ${node.op}`;
    const gradient = node.gradient === undefined ? '' : `\ngradient ${summary(node.gradient)}`;
    const text = `${title} ${formatShape(node.value.shape)}\n${summary(node.value)}${gradient}`;
    return [
      `  n${node.id} [shape=${shape}, label=${quote(text)}];`,
      ...node.inputs.map((input) => `  n${input.id} -> n${node.id};`),
    ];
  });
  return ['digraph {', '  rankdir=LR;', ...lines, '}'].join('\n');
}

/** Numbers as JSON has them: NaN and infinities become strings. */
const elements = (t: Tensor): (number | string)[] =>
  Array.from(t.data, (x) => (Number.isFinite(x) ? x : String(x)));

/** The graph as plain JSON-ready data; inputs are ids. `values: false` leaves out elements, for a large graph. */
export function toJson(graph: Graph, options: { readonly values?: boolean } = {}): object {
  checkOptions(options, ['values'], 'toJson');
  const { values = true } = options;
  return {
    output: graph.output.id,
    nodes: graph.nodes.map((node) => ({
      id: node.id,
      op: node.op,
      label: node.label ?? null,
      inputs: node.inputs.map((input) => input.id),
      attributes:
        node.attributes === undefined ? null : JSON.parse(JSON.stringify(node.attributes, finiteOrText)),
      dtype: node.value.dtype,
      shape: node.value.shape,
      ...(values && {
        value: elements(node.value),
        gradient: node.gradient ? elements(node.gradient) : null,
      }),
    })),
  };
}
