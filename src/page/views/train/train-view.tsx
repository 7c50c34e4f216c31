import { at, pause, play, points, status, stepOnce } from '../../state/app.js';

export function TrainView() {
  const last = points.value.at(-1);
  return (
    <section>
      <h2>Train</h2>
      <p>
        Step {at.value}, {status.value}
        {last &&
          `: loss ${last.loss.toFixed(2)}, reconstruction ${last.reconstruction.toFixed(2)}, KL ${last.kl.toFixed(2)}`}
      </p>
      <button type="button" onClick={() => (status.value === 'training' ? pause() : play())}>
        {status.value === 'training' ? 'Pause' : 'Train'}
      </button>
      <button type="button" disabled={status.value !== 'ready'} onClick={stepOnce}>
        One step
      </button>
    </section>
  );
}
