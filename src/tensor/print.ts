import type { DType, TensorData } from './dtype.js';
import { formatNumber } from './format.js';
import { formatShape, type Shape } from './shape.js';

interface Printable {
  readonly data: TensorData;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly label: string | undefined;
}

/** Dimensions longer than this are shortened to their first and last `EDGE` entries. */
const LONGEST = 8;
const EDGE = 3;
const DIGITS = 5;

function formatElement(x: number): string {
  if (Number.isInteger(x) && Math.abs(x) < 1e6) return Object.is(x, -0) ? '-0' : String(x);
  if (!Number.isFinite(x))
    return x === Number.POSITIVE_INFINITY ? 'inf' : x === Number.NEGATIVE_INFINITY ? '-inf' : 'nan';
  return formatNumber(x, DIGITS);
}

/** Indices shown along a dimension; null stands for the gap. */
function shown(length: number): (number | null)[] {
  if (length <= LONGEST) return Array.from({ length }, (_, i) => i);
  const ends = Array.from({ length: EDGE }, (_, i) => i);
  return [...ends, null, ...ends.map((i) => length - EDGE + i)];
}

/** `x: float32 [2, 3]` and below it the elements, long dimensions shortened. */
export function formatTensor(t: Printable): string {
  const head = `${t.label === undefined ? '' : `${t.label}: `}${t.dtype} ${formatShape(t.shape)}`;
  if (t.shape.length === 0) return `${head} ${formatElement(t.data[0])}`;
  if (t.data.length === 0) return `${head} (empty)`;

  const leaves: string[] = [];
  const collect = (dimension: number, offset: number, span: number): void => {
    const inner = span / t.shape[dimension];
    for (const i of shown(t.shape[dimension])) {
      if (i === null) continue;
      if (dimension === t.shape.length - 1) leaves.push(formatElement(t.data[offset + i]));
      else collect(dimension + 1, offset + i * inner, inner);
    }
  };
  collect(0, 0, t.data.length);
  const width = Math.max(...leaves.map((s) => s.length));

  let next = 0;
  const body = (dimension: number): string => {
    const last = dimension === t.shape.length - 1;
    const parts = shown(t.shape[dimension]).map((i) => {
      if (i === null) return '...';
      return last ? leaves[next++].padStart(width) : body(dimension + 1);
    });
    const separator = last
      ? ', '
      : `,${'\n'.repeat(t.shape.length - 1 - dimension)}${' '.repeat(dimension + 1)}`;
    return `[${parts.join(separator)}]`;
  };
  return `${head}\n${body(0)}`;
}
