import { useEffect } from 'preact/hooks';
import { FOLDABLE } from '../../../study/walk/fold.js';
import type { NodeSummary, WalkPicture } from '../../shared/walk.js';
import { app } from '../../state/app.js';
import { ask, pause } from '../../state/training.js';
import { choices, chooseEpsilonText, goTo, type Moment, momentsOf, toggleFold } from './choices.js';
import { EpsilonPanel } from './epsilon-panel.js';
import { Graph } from './graph.js';
import { NodePanel } from './node-panel.js';
import { useAnswer } from './use-answer.js';

const FOLD_WORDS = {
  encoder: 'encoder',
  decoder: 'decoder',
  reconstruction: 'reconstruction',
  kl: 'KL',
} as const;

/** The index of a moment; a parameter, which is not drawn, counts as the node that uses it. */
function indexIn(moments: readonly Moment[], moment: Moment, picture: WalkPicture): number {
  const indexOf = (id: string) =>
    moments.findIndex((other) => other.id === id && other.phase === moment.phase);
  const own = indexOf(moment.id);
  if (own >= 0) return own;
  const taker = picture.nodes.find(({ id, inputs }) => inputs.includes(moment.id) && indexOf(id) >= 0);
  return taker === undefined ? -1 : indexOf(taker.id);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea') !== null;

/** The selected moment. Defaults to the first node if the address names none of the walk. */
function momentIn(picture: WalkPicture): Moment {
  const { node, phase } = choices.value;
  return { id: picture.nodes.some(({ id }) => id === node) ? node : 'x', phase };
}

/** Moves from the current choice, not from the last picture: keys can be faster than pictures. */
function moveIn(picture: WalkPicture, by: number): void {
  const moments = momentsOf(picture);
  const index = indexIn(moments, momentIn(picture), picture);
  const next = moments[Math.max(0, Math.min(moments.length - 1, index + by))];
  goTo(next.id, next.phase);
}

function Walk({ picture }: { readonly picture: WalkPicture }) {
  const { phase, origin, unfolded } = choices.value;
  const nodes = new Map<string, NodeSummary>(picture.nodes.map((node) => [node.id, node]));
  const moments = momentsOf(picture);
  const moment = momentIn(picture);
  const node = nodes.get(moment.id);
  const index = indexIn(moments, moment, picture);
  const move = (by: number): void => moveIn(picture, by);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (by === 0 || event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      event.preventDefault();
      moveIn(picture, by);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [picture]);
  const inPhase = moments.filter((other) => other.phase === phase);
  const before = phase === 'forward' ? index : index - picture.shown.length;
  const passed = new Set(inPhase.slice(0, before + 1).map(({ id }) => id));
  const epsilon = nodes.get('epsilon');
  return (
    <>
      <div class="card walk-bar">
        <div class="row">
          <button type="button" disabled={index <= 0} onClick={() => move(-1)}>
            ← Back
          </button>
          <button
            type="button"
            class="primary"
            disabled={index === moments.length - 1}
            onClick={() => move(1)}
          >
            Next →
          </button>
        </div>
        <p class="where" aria-live="polite">
          {phase === 'forward' ? 'Forward' : 'Backward'} {before + 1} of {inPhase.length}:{' '}
          <b>{node?.label}</b>
        </p>
        <div class="row">
          <button type="button" aria-pressed={phase === 'forward'} onClick={() => goTo(moment.id, 'forward')}>
            Values
          </button>
          <button
            type="button"
            aria-pressed={phase === 'backward'}
            onClick={() => goTo(moment.id, 'backward')}
          >
            Gradients
          </button>
        </div>
      </div>
      <div class="walk-columns">
        <div class="card graph">
          <Graph picture={picture} moment={moment} passed={passed} origin={origin} unfolded={unfolded} />
          <p class="legend small">
            {phase === 'backward' ? (
              <>
                <span class="key reconstruction">from the reconstruction</span>
                <span class="key kl">from the KL</span>
              </>
            ) : (
              <span class="soft">Below each name: the value of the chosen element.</span>
            )}
          </p>
          <div class="row">
            <span class="small soft">All steps of</span>
            {FOLDABLE.map((name) => (
              <button
                key={name}
                type="button"
                class="small"
                aria-pressed={unfolded.includes(name)}
                onClick={() => toggleFold(name)}
              >
                {FOLD_WORDS[name]}
              </button>
            ))}
          </div>
        </div>
        {node && <NodePanel node={node} picture={picture} moment={moment} origin={origin} />}
        {epsilon && <EpsilonPanel node={epsilon} />}
      </div>
    </>
  );
}

/** The walk through the recorded graph: forward and backward, one node at a time. */
export function StepView() {
  const { epsilon, unfolded, position } = choices.value;
  const key = app.still
    ? [app.session, app.step, epsilon, unfolded.join('.'), position.row, position.column].join(' ')
    : null;
  const {
    value: picture,
    problem,
    fresh,
  } = useAnswer(key, () => ask('walkOpen', { epsilon, unfolded, position }));
  // The model must be at rest.
  useEffect(() => {
    if (app.status === 'training') pause();
  }, []);
  return (
    <section class="stack step-view" aria-busy={!fresh}>
      <div>
        <h2>Step through the trick</h2>
        <p class="lead">
          One batch on its way through the model and back. Forward, each node gets its value; backward, each
          gets the gradient of the loss, L = R + K: the reconstruction, and the KL weighed by beta. The sample
          is z = mean + sigma · epsilon with sigma = exp(logvar / 2). Because epsilon is only a number that
          was given, the gradient passes: ∂z/∂mean = 1 and ∂z/∂logvar = epsilon · sigma / 2. Use the arrow
          keys, or choose a node.
        </p>
        <p class="small soft" data-at={picture?.at}>
          {picture === null
            ? 'The engine is getting ready ...'
            : `After ${picture.at} step${picture.at === 1 ? '' : 's'}: the ${picture.batch} examples and the noise of the step to come, at beta ${picture.beta}.`}
          {app.status === 'training' && picture !== null && (
            <>
              {' '}
              The model is being trained on meanwhile.{' '}
              <button type="button" class="quiet" onClick={pause}>
                Pause, and look at it now
              </button>
            </>
          )}
        </p>
      </div>
      {problem !== null && (
        <p class="notice problem" role="alert">
          <span>{problem}</span>
          {epsilon !== 'frozen' && (
            <button type="button" class="quiet" onClick={() => chooseEpsilonText('frozen')}>
              Take the noise of the step
            </button>
          )}
        </p>
      )}
      {picture !== null && (problem === null || fresh) && <Walk picture={picture} />}
    </section>
  );
}
