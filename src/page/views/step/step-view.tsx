import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { FOLDABLE } from '../../../study/walk/fold.js';
import { TRICK_MODES } from '../../../study/walk/node.js';
import type { WalkPicture } from '../../shared/walk.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { pause } from '../../state/training.js';
import { Problem, Problems } from '../../ui/card.js';
import { Picker, Select } from '../../ui/fields.js';
import { useWidth } from '../../ui/hooks.js';
import { hasModifier } from '../../ui/modifier.js';
import { Graph } from './graph.js';
import { NodePanel } from './node-panel.js';
import {
  chosenPosition,
  chosenWalk,
  goTo,
  type Moment,
  type Phase,
  params,
  toggleFold,
  unfoldedParts,
} from './params.js';
import { TRICK_WORDS, titleOf } from './words.js';
import '../../style/step.css';

const FOLD_WORDS = {
  encoder: 'encoder',
  decoder: 'decoder',
  reconstruction: 'reconstruction',
  kl: 'KL',
} as const;

/** Below this width, in CSS pixels, the graph is drawn around the current node alone. */
const NARROW = 760;

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

interface BarProps {
  readonly picture: WalkPicture;
  readonly moment: Moment;
  readonly index: number;
  readonly moments: readonly Moment[];
  readonly narrow: boolean;
}

/** Where the walk is, and the ways on. */
function Bar({ picture, moment, index, moments, narrow }: BarProps) {
  const back = useRef<HTMLButtonElement>(null);
  const next = useRef<HTMLButtonElement>(null);
  const [isFirst, isLast] = [index <= 0, index === moments.length - 1];
  const node = picture.nodes.find(({ id }) => id === moment.id);
  const inPhase = moments.filter(({ phase }) => phase === moment.phase);
  const before = moment.phase === 'forward' ? index : index - picture.shown.length;
  // A button that is disabled loses the focus.
  useLayoutEffect(() => {
    if (isLast && document.activeElement === next.current) back.current?.focus();
    if (isFirst && document.activeElement === back.current) next.current?.focus();
  }, [isFirst, isLast]);
  const tricks = TRICK_MODES.map((mode) => [mode, TRICK_WORDS[mode]] as const);
  return (
    <div class="card walk-bar">
      <div class="row">
        <button ref={back} type="button" disabled={isFirst} onClick={() => moveIn(picture, -1)}>
          ← Back
        </button>
        <button ref={next} type="button" class="primary" disabled={isLast} onClick={() => moveIn(picture, 1)}>
          Next →
        </button>
      </div>
      <p class="where" aria-live="polite">
        {moment.phase === 'forward' ? 'Forward' : 'Backward'} {before + 1} of {inPhase.length}:{' '}
        <b>{node && titleOf(node)}</b>
      </p>
      <div class="row">
        {(['forward', 'backward'] as const).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={moment.phase === name}
            onClick={() => goTo({ id: moment.id, phase: name })}
          >
            {name === 'forward' ? 'Values' : 'Gradients'}
          </button>
        ))}
      </div>
      {narrow ? (
        <Select
          class="bare"
          label="Through z"
          value={picture.trick}
          options={tricks}
          onChoose={(trick) => params.set({ trick })}
        />
      ) : (
        <Picker
          label="Through z"
          options={tricks}
          isChosen={(mode) => mode === picture.trick}
          onChoose={(trick) => params.set({ trick })}
        />
      )}
    </div>
  );
}

function Walk({ picture, narrow }: { readonly picture: WalkPicture; readonly narrow: boolean }) {
  const { origin } = params.value;
  const unfolded = unfoldedParts();
  const moments = momentsOf(picture);
  const moment = momentIn(picture);
  const node = picture.nodes.find(({ id }) => id === moment.id);
  const index = indexIn(moments, moment, picture);
  const drawn = moments[index] ?? moments[0];
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (by === 0 || hasModifier(event) || isTyping(event.target)) return;
      event.preventDefault();
      moveIn(picture, by);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [picture]);
  const reached = moments.slice(0, index + 1).filter(({ phase }) => phase === moment.phase);
  const passed = new Set(reached.map(({ id }) => id));
  return (
    <>
      <Bar picture={picture} moment={moment} index={index} moments={moments} narrow={narrow} />
      <div class="walk-columns">
        <div class="card graph">
          <Graph
            picture={picture}
            moment={moment.id === drawn.id ? moment : drawn}
            passed={passed}
            origin={origin}
            narrow={narrow}
          />
          {!narrow && (
            <Picker
              label="All steps of"
              options={FOLDABLE.map((name) => [name, FOLD_WORDS[name]])}
              isChosen={(name) => unfolded.includes(name)}
              onChoose={toggleFold}
            />
          )}
        </div>
        {node && <NodePanel node={node} picture={picture} moment={moment} origin={origin} />}
      </div>
    </>
  );
}

const LEAD = {
  start:
    'One batch goes through the model and back: forward, every node gets a value; backward, the gradient of the loss. Press Next or the right arrow key, or choose a node.',
  forward: 'z = mean + sigma · epsilon, with sigma = exp(logvar / 2): epsilon is an input like any other.',
  backward: 'gradient here = sum over arrows of (gradient there × number on the arrow)',
} as const;

/** What is going on, in full at the start, and in a line on the way. */
function Lead({ phase, isStart }: { readonly phase: Phase; readonly isStart: boolean }) {
  return <p class={isStart ? 'lead' : 'lead line'}>{LEAD[isStart ? 'start' : phase]}</p>;
}

/**
 * The walk through the recorded graph: forward and backward, one node at a time. It fits the window, and all that it shows follows
 * from `params`.
 */
export function StepView() {
  const { epsilon, node, phase } = params.value;
  const root = useRef<HTMLElement>(null);
  const isNarrow = useSignal(false);
  useWidth(root, (width) => {
    isNarrow.value = width < NARROW;
  });
  const asked = { ...chosenWalk(), unfolded: unfoldedParts(), position: chosenPosition() };
  const { value: picture, problem, busy } = useAsk('walkOpen', app.still ? asked : null);
  const isStart = phase === 'forward' && (picture === null ? node : momentIn(picture).id) === 'x';
  // The model must be at rest.
  useEffect(() => {
    if (app.status === 'training') pause();
  }, []);
  return (
    <section ref={root} tabIndex={-1} class="step-view" aria-busy={busy} data-at={picture?.at}>
      <div class={isStart ? 'about' : 'about line'}>
        <h2>Step through the trick</h2>
        <Lead phase={phase} isStart={isStart} />
        {picture === null && <p class="small soft">The engine is getting ready ...</p>}
        {app.status === 'training' && picture !== null && (
          <p class="small">
            The model is still training.{' '}
            <button type="button" class="quiet" onClick={pause}>
              Pause to look at it now
            </button>
          </p>
        )}
      </div>
      <Problems texts={params.problems} />
      <Problem text={problem}>
        {epsilon !== 'frozen' && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              params.set({ epsilon: 'frozen' });
              root.current?.focus({ preventScroll: true });
            }}
          >
            Take the noise of the step
          </button>
        )}
      </Problem>
      {picture !== null && problem === null && <Walk picture={picture} narrow={isNarrow.value} />}
    </section>
  );
}
