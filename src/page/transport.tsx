import { formatCount, formatNats } from '../tensor/format.js';
import { app, type Past } from './state/app.js';
import { pause, play, restart, setPace, startOver, stepOnce, undo } from './state/training.js';
import { Select } from './ui/fields.js';

/** The choices of speed, in steps a second. */
const PACES = [
  ['full', 'full speed'],
  [10, '10 steps / s'],
  [2, '2 steps / s'],
] as const;

const TERMS = [
  ['loss', 'loss'],
  ['reconstruction', 'reconstruction'],
  ['kl', 'KL'],
] as const;

function Figures() {
  const last = app.lastPoint;
  return (
    <dl class="figures">
      <div class="wide">
        <dt>epochs</dt>
        <dd>{app.lastEpoch?.epoch ?? 0}</dd>
      </div>
      {last &&
        TERMS.map(([term, words]) => (
          <div key={term} class={term === 'loss' ? undefined : 'wide'}>
            <dt>{words}</dt>
            <dd data-figure={term}>{formatNats(last[term])}</dd>
          </div>
        ))}
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
        Catching up with step {formatCount(to)} of this address: {formatCount(app.step)} taken
      </label>
      <progress id="catching" max={to} value={app.step} />
      <button type="button" onClick={pause}>
        Stop here
      </button>
    </p>
  );
}

function Reading({ file, done, total }: NonNullable<typeof app.reading>) {
  return (
    <p class="catching">
      <label for="reading">
        Reading {file}: {formatCount(Math.round(done / 1e6))} of {formatCount(Math.round(total / 1e6))} MB
      </label>
      <progress id="reading" max={total} value={done} />
    </p>
  );
}

const UNDO = {
  'start over': 'Undo start over',
  settings: 'Undo change',
  file: 'Undo load',
  address: 'Undo',
} as const;

/** Back to the training that this one took the place of. */
function Undo({ by, at }: Past) {
  return (
    <button
      type="button"
      disabled={app.status !== 'training' && app.status !== 'ready'}
      title={`Back to the training before, at step ${formatCount(at)}`}
      onClick={() => void undo()}
    >
      {UNDO[by]}
    </button>
  );
}

/** Train, pause, one step, start over: above every view. */
export function Transport() {
  const pausing = app.status === 'pausing';
  const training = app.status === 'training' || pausing;
  const idle = app.status === 'ready';
  const last = app.past.at(-1);
  return (
    <section class="transport" aria-label="Training">
      <div class="buttons">
        <button
          type="button"
          class="primary"
          disabled={!training && !idle}
          onClick={() => (training ? pause() : play())}
        >
          {pausing ? 'Pausing ...' : training ? 'Pause' : 'Train'}
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
        {last !== undefined && <Undo {...last} />}
        {app.status === 'lost' && (
          <button type="button" class="primary" onClick={() => void restart()}>
            Restart engine
          </button>
        )}
        <Select class="bare" label="Speed" value={app.pace} options={PACES} onChoose={setPace} />
      </div>
      <Status />
      <Figures />
      {app.reading !== null && <Reading {...app.reading} />}
      {app.goal !== null && app.status !== 'lost' && <CatchingUp to={app.goal} />}
    </section>
  );
}
