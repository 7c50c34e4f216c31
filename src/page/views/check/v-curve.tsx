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
  const measured = (label: string, of: readonly ProbeEntry[], look: Partial<CurveSeries>): CurveSeries => ({
    label,
    x: of.map(({ step }) => step),
    y: of.map(({ error }) => error),
    marks: 'points',
    ...look,
  });
  const rising = points.toReversed();
  const bent = rising.filter(({ kinks }) => kinks > 0);
  const series = [
    measured('error', rising, { marks: 'both' }),
    ...leg('truncation', curve?.truncation ?? null, points),
    ...leg('rounding', curve?.rounding ?? null, points),
    ...(bent.length > 0 ? [measured('crosses a kink', bent, { color: 'text' })] : []),
    ...(at !== null ? [measured(`h = ${formatError(at.step)}`, [at], { color: 'second' })] : []),
  ];
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
