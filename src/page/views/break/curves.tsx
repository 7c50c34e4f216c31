import type { BreakReport, RunReport } from '../../../study/break/report.js';
import { Card } from '../../ui/card.js';
import { Curve } from '../../ui/curve.js';
import type { CurveSeries } from '../../ui/curve-data.js';

/** The axis is logarithmic when the wrong run's largest value is more than this many times the right run's. */
const FAR_APART = 50;

function seriesOf(
  { right, wrong }: BreakReport,
  of: (run: RunReport) => { readonly x: readonly number[]; readonly y: readonly number[] },
): { readonly series: CurveSeries[]; readonly logY: boolean } {
  const series: CurveSeries[] = [
    { label: 'right', ...of(right), color: 'accent' },
    { label: 'wrong', ...of(wrong), color: 'second', dashed: true },
  ];
  const [ours, theirs] = series.map(({ y }) => Array.from(y));
  const positive = [...ours, ...theirs].every((y) => y > 0);
  const logY = positive && Math.max(0, ...theirs) > FAR_APART * Math.max(0, ...ours);
  return { series, logY };
}

const tested =
  (field: 'loss' | 'reconstruction' | 'kl') =>
  ({ curve }: RunReport) => ({ x: curve.map(({ at }) => at), y: curve.map((point) => point[field]) });

const own = ({ losses }: RunReport) => ({ x: losses.map((_, i) => i + 1), y: losses });

/** Both runs as they train, measured by the right objective and by their own. */
export function Curves({ report, tested: count }: { readonly report: BreakReport; readonly tested: number }) {
  const curves = [
    ['Test loss', 'nats per example', tested('loss')],
    ['Its own training loss', 'nats per example', own],
    ['Reconstruction', 'on test data', tested('reconstruction')],
    ['KL', 'on test data', tested('kl')],
  ] as const;
  return (
    <Card title="As training continues">
      <p class="soft small">
        The same batches and noise for both. Test curves are the right objective on {count} examples, whatever
        a run trains with; its own loss is what a person who made the mistake would see.
      </p>
      <div class="cards">
        {curves.map(([title, note, of]) => (
          <Curve key={title} title={title} note={note} xLabel="step" {...seriesOf(report, of)} />
        ))}
      </div>
    </Card>
  );
}
