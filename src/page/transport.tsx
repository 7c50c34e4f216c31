import {
  at,
  facts,
  goal,
  lastEpoch,
  lastPoint,
  pace,
  pause,
  play,
  restart,
  setPace,
  startOver,
  status,
  stepOnce,
} from './state/app.js';

const WORDS = { starting: 'starting', ready: 'paused', training: 'training', lost: 'engine lost' } as const;

/** Steps a second by the words of the choice. */
const PACES: readonly (readonly [string, number | 'full'])[] = [
  ['full speed', 'full'],
  ['10 steps / s', 10],
  ['2 steps / s', 2],
];

const nats = (x: number): string => x.toFixed(2);

function Figures() {
  const last = lastPoint.value;
  const epoch = lastEpoch.value?.epoch ?? 0;
  return (
    <dl class="figures">
      <div>
        <dt>step</dt>
        <dd data-figure="step">{at.value.toLocaleString('en')}</dd>
      </div>
      <div>
        <dt>epochs</dt>
        <dd>{epoch}</dd>
      </div>
      {last && (
        <>
          <div>
            <dt>loss</dt>
            <dd data-figure="loss">{nats(last.loss)}</dd>
          </div>
          <div class="wide">
            <dt>reconstruction</dt>
            <dd>{nats(last.reconstruction)}</dd>
          </div>
          <div class="wide">
            <dt>KL</dt>
            <dd>{nats(last.kl)}</dd>
          </div>
        </>
      )}
    </dl>
  );
}

function EngineStatus() {
  const known = facts.value;
  const threads = known && `${known.threads} thread${known.threads === 1 ? '' : 's'}`;
  return (
    <p class="engine">
      <span class={`light ${status.value}`} aria-hidden="true" />
      <span role="status">{goal.value === null ? WORDS[status.value] : 'catching up'}</span>
      {known && (
        <span
          class="soft"
          title={
            known.isolated
              ? undefined
              : 'One thread: this server does not send the headers (COOP and COEP) that let a page share memory.'
          }
        >
          {known.backend === 'simd' ? 'SIMD' : 'plain kernels'}, {threads}
        </span>
      )}
    </p>
  );
}

function CatchingUp({ to }: { readonly to: number }) {
  return (
    <p class="catching">
      <label for="catching">
        To step {to.toLocaleString('en')} of this address: {at.value.toLocaleString('en')} taken
      </label>
      <progress id="catching" max={to} value={at.value} />
      <button type="button" onClick={pause}>
        Stop here
      </button>
    </p>
  );
}

/** Train, pause, one step, start over: in reach of every view. */
export function Transport() {
  const training = status.value === 'training';
  const idle = status.value === 'ready';
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
        {status.value === 'lost' && (
          <button type="button" class="primary" onClick={() => void restart()}>
            Restart engine
          </button>
        )}
        <select
          aria-label="Speed"
          value={String(pace.value)}
          onChange={({ currentTarget: { value } }) => setPace(value === 'full' ? 'full' : Number(value))}
        >
          {PACES.map(([words, value]) => (
            <option key={value} value={String(value)}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <Figures />
      <EngineStatus />
      {goal.value !== null && status.value !== 'lost' && <CatchingUp to={goal.value} />}
    </section>
  );
}
