import { app } from '../../state/app.js';
import { Curve } from '../../ui/curve.js';

const TERMS = [
  ['loss', 'Loss', 'reconstruction + β KL; nats per example, log scale', true],
  ['reconstruction', 'Reconstruction', '−log p(x | z) without its constant', true],
  ['kl', 'KL', 'KL(q(z | x) ‖ p(z)), not weighted', false],
] as const;

/** The terms of the objective over the steps; the test set after each epoch. */
export function CurvesCard({ stepsPerEpoch }: { readonly stepsPerEpoch: number }) {
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
