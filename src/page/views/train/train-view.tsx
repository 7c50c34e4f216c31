import { points } from '../../state/app.js';
import { Curve } from '../../ui/curve.js';

export function TrainView() {
  const x = points.value.map((point) => point.at);
  return (
    <section class="stack">
      <div class="card">
        <h2>Train</h2>
        <Curve
          title="Loss"
          note="nats per example"
          xLabel="step"
          series={[{ label: 'train', x, y: points.value.map(({ loss }) => loss) }]}
        />
      </div>
    </section>
  );
}
