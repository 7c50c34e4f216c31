import type { ErrorCurve, Line, ProbeEntry } from '../../../study/probe/index.js';
import { formatError } from '../../../tensor/format.js';
import { Curve } from '../../ui/curve.js';
import type { CurveSeries } from '../../ui/curve-data.js';

/** The part of a line that lies within the measured errors. */
function leg(label: string, line: Line | null, points: readonly ProbeEntry[]): CurveSeries[] {
  if (line === null) return [];
  const errors = points.map(({ error }) => error).filter((error) => error > 0);
  const [min, max] = [Math.min(...errors), Math.max(...errors)];
  const on = points
    .map(({ step }) => ({ step, error: line.factor * step ** line.slope }))
    .filter(({ error }) => error >= min && error <= max)
    .reverse();
  return [
    {
      label: `${label}, slope ${line.slope.toFixed(2)}`,
      x: on.map(({ step }) => step),
      y: on.map(({ error }) => error),
      color: 'idle',
      dashed: true,
    },
  ];
}

/** The error of the difference against its step; the slider's step is marked. */
export function VCurve({
  points,
  curve,
  element,
  at,
}: {
  /** From the longest step down. */
  readonly points: readonly ProbeEntry[];
  /** null until all points are there. */
  readonly curve: ErrorCurve | null;
  readonly element: string;
  /** The difference at the slider's step; null while unknown. */
  readonly at: ProbeEntry | null;
}) {
  const rising = [...points].reverse();
  const bent = rising.filter(({ kinks }) => kinks > 0);
  const series: CurveSeries[] = [
    {
      label: 'error',
      x: rising.map(({ step }) => step),
      y: rising.map(({ error }) => error),
      marks: 'both',
    },
    ...leg('truncation', curve?.truncation ?? null, points),
    ...leg('rounding', curve?.rounding ?? null, points),
  ];
  if (bent.length > 0) {
    series.push({
      label: 'crosses a kink',
      x: bent.map(({ step }) => step),
      y: bent.map(({ error }) => error),
      color: 'text',
      marks: 'points',
    });
  }
  if (at !== null) {
    series.push({
      label: `h = ${formatError(at.step)}`,
      x: [at.step],
      y: [at.error],
      color: 'second',
      marks: 'points',
    });
  }
  return (
    <Curve
      title="Error against the step"
      note={`element ${element}, both axes logarithmic`}
      xLabel="h"
      series={series}
      logX
      logY
      height={240}
    />
  );
}
