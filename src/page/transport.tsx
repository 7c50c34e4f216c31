import { formatCount, formatNats } from '../tensor/format.js';
import { app } from './state/app.js';
import { pause, play, restart, setPace, startOver, stepOnce } from './state/training.js';

/** The choices of speed, in steps a second. */
const PACES: readonly (readonly [string, number | 'full'])[] = [
  ['full speed', 'full'],
  ['10 steps / s', 10],
  ['2 steps / s', 2],
];

function Figures() {
  const last = app.lastPoint;
  const epoch = app.lastEpoch?.epoch ?? 0;
  return (
    <dl class="figures">
      <div class="wide">
        <dt>epochs</dt>
        <dd>{epoch}</dd>
      </div>
      {last && (
        <>
          <div>
            <dt>loss</dt>
            <dd data-figure="loss">{formatNats(last.loss)}</dd>
          </div>
          <div class="wide">
            <dt>reconstruction</dt>
            <dd data-figure="reconstruction">{formatNats(last.reconstruction)}</dd>
          </div>
          <div class="wide">
            <dt>KL</dt>
            <dd data-figure="kl">{formatNats(last.kl)}</dd>
          </div>
        </>
      )}
    </dl>
  );
}

/** What the engine is and does, above every view. */
function Status() {
  const known = app.facts;
  return (
    <p class="status">
      <span class={`light ${app.status}`} aria-hidden="true" />
      <span>
        step <b>{app.step}</b>, {app.status}
      </span>
      {known && (
        <span class="soft">
          · {known.backend === 'simd' ? 'SIMD' : 'plain'}, {known.threads} thread
          {known.threads === 1 ? '' : 's'}
        </span>
      )}
    </p>
  );
}

function CatchingUp({ to }: { readonly to: number }) {
  return (
    <p class="catching">
      <label for="catching">
        To step {formatCount(to)} of this address: {formatCount(app.step)} taken
      </label>
      <progress id="catching" max={to} value={app.step} />
      <button type="button" onClick={pause}>
        Stop here
      </button>
    </p>
  );
}

/** Train, pause, one step, start over: above every view. */
export function Transport() {
  const training = app.status === 'training';
  const idle = app.status === 'ready';
  return (
    <section class="transport" aria-label="Training">
      <div class="buttons">
        <button
          type="button"
          class="primary"
          disabled={!training && !idle}
          onClick={() => (training ? pause() : play())}
        >
          {training ? 'Pause' : 'Train'}
        </button>
        <button type="button" disabled={!idle} onClick={stepOnce}>
          One step
        </button>
        <button
          type="button"
          disabled={!training && !idle}
          title="From step 0, with the same seed"
          onClick={() => void startOver()}
        >
          Start over
        </button>
        {app.status === 'lost' && (
          <button type="button" class="primary" onClick={() => void restart()}>
            Restart engine
          </button>
        )}
        <select
          aria-label="Speed"
          value={String(app.pace)}
          onChange={({ currentTarget: { value } }) => setPace(value === 'full' ? 'full' : Number(value))}
        >
          {PACES.map(([words, value]) => (
            <option key={value} value={String(value)}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <Status />
      <Figures />
      {app.goal !== null && app.status !== 'lost' && <CatchingUp to={app.goal} />}
    </section>
  );
}
