import { useEffect } from 'preact/hooks';
import { FOLDABLE } from '../../../study/walk/fold.js';
import type { NodeSummary, WalkPicture } from '../../shared/walk.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { pause } from '../../state/training.js';
import { Problem, Problems } from '../../ui/card.js';
import { Picker } from '../../ui/fields.js';
import { EpsilonPanel } from './epsilon-panel.js';
import { Graph } from './graph.js';
import { NodePanel } from './node-panel.js';
import { chosenPosition, goTo, type Moment, params, toggleFold, unfoldedParts } from './params.js';

const FOLD_WORDS = {
  encoder: 'encoder',
  decoder: 'decoder',
  reconstruction: 'reconstruction',
  kl: 'KL',
} as const;

/** All moments in order: forward, then backward. */
const momentsOf = ({ shown, backward }: WalkPicture): Moment[] => [
  ...shown.map(({ id }) => ({ id, phase: 'forward' as const })),
  ...backward.map((id) => ({ id, phase: 'backward' as const })),
];

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
  const { node, phase } = params.value;
  return { id: picture.nodes.some(({ id }) => id === node) ? node : 'x', phase };
}

/** Moves from the current choice, not from the last picture: keys can be faster than pictures. */
function moveIn(picture: WalkPicture, by: number): void {
  const moments = momentsOf(picture);
  const index = indexIn(moments, momentIn(picture), picture);
  goTo(moments[Math.max(0, Math.min(moments.length - 1, index + by))]);
}

function Walk({ picture }: { readonly picture: WalkPicture }) {
  const { phase, origin } = params.value;
  const unfolded = unfoldedParts();
  const nodes = new Map<string, NodeSummary>(picture.nodes.map((node) => [node.id, node]));
  const moments = momentsOf(picture);
  const moment = momentIn(picture);
  const node = nodes.get(moment.id);
  const index = indexIn(moments, moment, picture);
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
          <button type="button" disabled={index <= 0} onClick={() => moveIn(picture, -1)}>
            ← Back
          </button>
          <button
            type="button"
            class="primary"
            disabled={index === moments.length - 1}
            onClick={() => moveIn(picture, 1)}
          >
            Next →
          </button>
        </div>
        <p class="where" aria-live="polite">
          {phase === 'forward' ? 'Forward' : 'Backward'} {before + 1} of {inPhase.length}:{' '}
          <b>{node?.label}</b>
        </p>
        <div class="row">
          {(['forward', 'backward'] as const).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={phase === name}
              onClick={() => goTo({ id: moment.id, phase: name })}
            >
              {name === 'forward' ? 'Values' : 'Gradients'}
            </button>
          ))}
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
          <Picker
            label="All steps of"
            options={FOLDABLE.map((name) => [name, FOLD_WORDS[name]])}
            isChosen={(name) => unfolded.includes(name)}
            onChoose={toggleFold}
          />
        </div>
        {node && <NodePanel node={node} picture={picture} moment={moment} origin={origin} />}
        {epsilon && <EpsilonPanel node={epsilon} />}
      </div>
    </>
  );
}

/** The walk through the recorded graph: forward and backward, one node at a time. */
export function StepView() {
  const { epsilon } = params.value;
  const asked = { epsilon, unfolded: unfoldedParts(), position: chosenPosition() };
  const { value: picture, problem, busy } = useAsk('walkOpen', app.still ? asked : null);
  // The model must be at rest.
  useEffect(() => {
    if (app.status === 'training') pause();
  }, []);
  return (
    <section class="stack step-view" aria-busy={busy}>
      <div>
        <h2>Step through the trick</h2>
        <p class="lead">
          One batch on its way through the model and back. Forward, each node gets its value; backward, each
          gets the gradient of the loss, L = R + K: the reconstruction, and the KL weighted by beta. The
          sample is z = mean + sigma · epsilon with sigma = exp(logvar / 2). Epsilon is an input like any
          other, so gradients pass through z: ∂z/∂mean = 1 and ∂z/∂logvar = epsilon · sigma / 2. Use the arrow
          keys, or choose a node.
        </p>
        <p class="small soft" data-at={picture?.at}>
          {picture === null
            ? 'The engine is getting ready ...'
            : `After ${picture.at} step${picture.at === 1 ? '' : 's'}: the ${picture.batch} examples and the noise of the next step, at beta ${picture.beta}.`}
          {app.status === 'training' && picture !== null && (
            <>
              {' '}
              The model is still training.{' '}
              <button type="button" class="quiet" onClick={pause}>
                Pause to look at it now
              </button>
            </>
          )}
        </p>
      </div>
      <Problems texts={params.problems} />
      <Problem text={problem}>
        {epsilon !== 'frozen' && (
          <button type="button" class="quiet" onClick={() => params.set({ epsilon: 'frozen' })}>
            Take the noise of the step
          </button>
        )}
      </Problem>
      {picture !== null && problem === null && <Walk picture={picture} />}
    </section>
  );
}
