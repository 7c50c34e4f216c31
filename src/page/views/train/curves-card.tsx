import { app } from '../../state/app.js';
import { Curve } from '../../ui/curve.js';

const TERMS = [
  ['loss', 'Loss', 'reconstruction + β KL; nats per example, log scale', true],
  ['reconstruction', 'Reconstruction', '−log p(x | z) without its constant', true],
  ['kl', 'KL', 'KL(q(z | x) ‖ p(z)), not weighted', false],
] as const;

/** The terms of the objective over the steps; the test set after each epoch. */
export function CurvesCard({ stepsPerEpoch }: { readonly stepsPerEpoch: number }) {
  // The run before goes on a little beyond this one: its whole length would press this one into a corner.
  const end = Math.max(200, 1.5 * (app.history.points.at(-1)?.at ?? 0));
  const before = app.previous.points.filter(({ at }) => at <= end);
  const x = app.history.points.map(({ at }) => at);
  const tested = app.epochs.filter(({ test }) => test !== undefined);
  const ends = tested.map(({ epoch }) => epoch * stepsPerEpoch);
  return (
    <section class="card curves" aria-label="Curves">
      {TERMS.map(([term, title, note, logY]) => (
        <Curve
          key={term}
          title={title}
          note={note}
          xLabel="step"
          logY={logY}
          height={150}
          series={[
            ...(before.length > 0
              ? [
                  {
                    label: 'the run before',
                    x: before.map(({ at }) => at),
                    y: before.map((point) => point[term]),
                    color: 'idle' as const,
                  },
                ]
              : []),
            { label: 'train, each step', x, y: app.history.points.map((point) => point[term]) },
            {
              label: 'test, after each epoch',
              x: ends,
              y: tested.map(({ test }) => test?.[term] ?? Number.NaN),
              color: 'second',
              marks: 'both',
            },
          ]}
        />
      ))}
    </section>
  );
}
