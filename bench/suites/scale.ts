import type { ScaleSettings } from '../measure/scale.js';
import { formatSeconds, significant } from '../report/format.js';
import { fitPowerLaw } from '../report/statistics.js';
import { formatTable } from '../report/table.js';
import type { Context, Job, Measured, Suite } from '../suite.js';
import { ours } from './common.js';

interface Axis {
  readonly name: string;
  /** What is scaled. */
  readonly doc: string;
  readonly sizes: (context: Context) => readonly number[];
  /** Exponent of the time where the arithmetic is all. */
  readonly expected: number;
}

const powers = (from: number, to: number, step: number): number[] =>
  from > to ? [] : [from, ...powers(from * step, to, step)];

const AXES: readonly Axis[] = [
  {
    name: 'batch',
    doc: 'examples, latent2',
    sizes: ({ quick }) => (quick ? [1, 16, 128] : powers(1, 4096, 4)),
    expected: 1,
  },
  {
    name: 'width',
    doc: 'of 4 square layers, batch 128',
    sizes: ({ quick }) => (quick ? [64, 128, 256] : powers(64, 4096, 2)),
    expected: 2,
  },
  {
    name: 'depth',
    doc: 'layers of 256 x 256, batch 128',
    sizes: ({ quick }) => (quick ? [1, 2, 4] : powers(1, 64, 2)),
    expected: 1,
  },
  {
    name: 'threads',
    doc: 'latent2, batch 128',
    sizes: ({ cores }) => Array.from({ length: cores }, (_, i) => i + 1),
    expected: -1,
  },
];

/** The most memory that the engine can be given: four layers of 4096 with moments and gradients take more than it has by itself. */
const MEMORY = { PATHWISE_MEMORY: '2047' };

/** A process for each size: what a large model leaves behind is nothing to the next one. */
function jobsOf(axis: Axis, context: Context): Job[] {
  const seconds = context.quick ? 0.1 : 0.5;
  const who = { ...ours, name: axis.name };
  const sizes = axis.sizes(context);
  if (axis.name !== 'threads') {
    return sizes.map((size) => ({
      who,
      command: context.ours('scale', { axis: axis.name, sizes: [size], seconds }, MEMORY),
    }));
  }
  const settings: ScaleSettings = { axis: 'batch', sizes: [128], seconds };
  return sizes.map((threads) => ({
    who: { ...who, name: `threads ${threads}` },
    command: context.ours('scale', settings, { PATHWISE_THREADS: String(threads) }),
  }));
}

const sizeOf = ({ who, row }: Measured): number => Number(who.name.split(' ')[1] ?? row);

/** The upper half of the sizes: fixed costs rule the lower one. */
const upperHalf = <T>(points: readonly T[]): readonly T[] =>
  points.slice(Math.min(points.length - 2, points.length >> 1));

function formatAxis({ name, doc, expected }: Axis, results: readonly Measured[]): string {
  const rows = results.map((measured) => {
    const { median, min, max } = measured.values.seconds;
    const times = [median, min, max, median / sizeOf(measured)];
    return [String(sizeOf(measured)), ...times.map(formatSeconds)];
  });
  const points = results.map((measured) => [sizeOf(measured), measured.values.seconds.median] as const);
  const exponentOf = (some: readonly (readonly [number, number])[]): string =>
    some.length < 2 ? '-' : significant(fitPowerLaw(some).exponent);
  const upper = points.length < 2 ? points : upperHalf(points);
  return (
    `  ${name} (${doc}): exponent ${exponentOf(upper)} over the upper half, ${exponentOf(points)} over all; ` +
    `${expected} where arithmetic is all\n` +
    formatTable([name, 'median', 'min', 'max', 'per unit'], rows)
  );
}

/** How time grows. */
export const scale: Suite = {
  name: 'scale',
  doc: 'time of a training step against batch, width, depth and threads, and the exponent fitted to it',
  jobs: (context) => AXES.flatMap((axis) => jobsOf(axis, context)),
  report: (results) =>
    AXES.map((axis) => {
      const mine = results.filter(({ who }) => who.name.split(' ')[0] === axis.name);
      return formatAxis(axis, mine);
    }).join('\n'),
};
