import type { ProbeEntry } from '../../../study/probe/index.js';
import { formatError } from '../../../tensor/format.js';
import { agrees } from './elements.js';

const SIZE = 220;
const MARGIN = 14;

/** Each element as a point: its analytic gradient across, the numeric one up. */
export function Agreement({
  entries,
  selected,
}: {
  readonly entries: readonly ProbeEntry[];
  readonly selected: number | null;
}) {
  const unit = Math.max(...entries.map(({ analytic }) => Math.abs(analytic)), 1e-300);
  // Linear near 0, logarithmic far out, for either sign: the numbers may differ by powers of ten.
  const scale = (x: number): number => Math.asinh(x / unit);
  const all = entries.flatMap((entry) => [entry.analytic, entry.numeric]);
  const reach = 1.08 * Math.max(...all.map((x) => Math.abs(scale(x))), 1e-9);
  const position = (x: number): number => MARGIN + ((scale(x) / reach + 1) / 2) * (SIZE - 2 * MARGIN);
  const off = Math.max(...entries.map(({ error }) => error));
  return (
    <figure class="agreement">
      <figcaption>
        Analytic and numeric <small>a right gradient lies on the diagonal</small>
      </figcaption>
      <svg
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        role="img"
        aria-label={`${entries.length} elements, analytic gradient to the right and numeric upwards; the largest relative distance from the diagonal is ${formatError(off)}`}
      >
        <line class="axis" x1={MARGIN} x2={SIZE - MARGIN} y1={SIZE / 2} y2={SIZE / 2} />
        <line class="axis" x1={SIZE / 2} x2={SIZE / 2} y1={MARGIN} y2={SIZE - MARGIN} />
        <line class="diagonal" x1={MARGIN} x2={SIZE - MARGIN} y1={SIZE - MARGIN} y2={MARGIN} />
        {entries.map((entry) => {
          const { element, direction, analytic, numeric } = entry;
          const isSelected = element === selected;
          return (
            <circle
              key={`${element} ${direction}`}
              class={`${agrees(entry) ? 'right' : 'wrong'} ${isSelected ? 'selected' : ''}`}
              cx={position(analytic)}
              cy={SIZE - position(numeric)}
              r={isSelected ? 5.5 : 4}
            />
          );
        })}
        <text x={SIZE - MARGIN} y={SIZE / 2 - 4} text-anchor="end">
          analytic
        </text>
        <text x={SIZE / 2 + 5} y={MARGIN + 2}>
          numeric
        </text>
      </svg>
    </figure>
  );
}
