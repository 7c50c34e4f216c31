import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { classHex } from '../../../data/class-colors.js';
import type { Result } from '../../shared/protocol.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { addressOf } from '../../state/navigation.js';
import { Problem } from '../../ui/card.js';
import { useCanvas, useVisible } from '../../ui/hooks.js';
import { reducedMotion, theme } from '../../ui/theme.js';
import { Tiles } from '../../ui/tiles.js';
import { nameOf } from './code.js';
import { Pad } from './pad.js';
import {
  chooseTestImage,
  chosenAxes,
  chosenImage,
  isExample,
  params,
  strokes,
  wordsOfAxes,
} from './params.js';
import { drawPlane } from './plane.js';
import { reachOf } from './plane-geometry.js';
import { smallKlWords } from './small-kl.js';
import '../../style/strip.css';

type Draw = Result<'trainDraw'>;

/** Milliseconds from one draw of z to the next. */
const JUMP = 1200;
/** Draws that stay visible. */
const KEPT = 12;
/** Test images shown as points. */
const POINTS = 200;
const SAMPLES = 6;
/** Side of the plane, and its pixels for each of them. */
const SIDE = 150;
const FINE = 2;

/** A label that leads to the node of the step view. */
function NodeLink({ node, children }: { readonly node: string; readonly children: ComponentChildren }) {
  return (
    <a href={addressOf('step', { node })} title="Step through the model at this node">
      {children}
    </a>
  );
}

/** The number of the draw, which goes up while somebody is there to see it. */
function useDraws(visible: boolean): number {
  const draw = useSignal(0);
  const moves = visible && !reducedMotion.value;
  useEffect(() => {
    if (!moves) return;
    const timer = setInterval(() => {
      if (!document.hidden) draw.value++;
    }, JUMP);
    return () => clearInterval(timer);
  }, [moves, draw]);
  return draw.value;
}

/** Noise of the last draws of one session, the newest last. */
function useNoise(value: Draw | null): readonly Float32Array[] {
  const kept = useRef<{ session: number; noise: Float32Array[] }>({ session: -1, noise: [] });
  if (value === null) return [];
  const { session, noise } = kept.current;
  const isNew = noise.at(-1)?.join() !== value.epsilon.join();
  if (session !== app.session) kept.current = { session: app.session, noise: [value.epsilon] };
  else if (isNew) kept.current = { session, noise: [...noise, value.epsilon].slice(-KEPT) };
  return kept.current.noise;
}

/** The posterior of the digit among the codes of others, and the draws from it. */
function Plane({ value: newest }: { readonly value: Draw | null }) {
  const axes = chosenAxes();
  // Until the first answer about another model, the last is about the one before.
  const value = newest?.mean.length === app.settings.latent ? newest : null;
  const cloud = useAsk('trainCloud', { axes, count: POINTS }, { between: 700 }).value;
  const noise = useNoise(value);
  const root = useCanvas(
    (context) => {
      context.setTransform(FINE, 0, 0, FINE, 0, 0);
      const { points, labels } = cloud ?? { points: new Float32Array(0), labels: new Uint8Array(0) };
      drawPlane(context, {
        frame: { side: SIDE, reach: reachOf(points) },
        points,
        labels,
        colors: classHex(Math.max(10, ...labels.map((label) => label + 1)), theme.value),
        axes,
        names: [nameOf(axes[0]), nameOf(axes[1])],
        inference: value,
        draws:
          value === null
            ? []
            : noise.map((epsilon) =>
                Array.from(epsilon, (e, i) => value.mean[i] + Math.exp(value.logvar[i] / 2) * e),
              ),
      });
    },
    [value, cloud, axes.join()],
  );
  return (
    <canvas
      ref={root}
      width={SIDE * FINE}
      height={SIDE * FINE}
      role="img"
      aria-label={
        value === null
          ? 'The latent space'
          : `The latent space: the posterior of the digit as an ellipse, and z, drawn from it, as a dot at ${[...new Set(axes)].map((i) => value.z[i].toFixed(2)).join(', ')}`
      }
    />
  );
}

/** z = mean + sigma * epsilon with the numbers of the last draw. */
function Numbers({ value }: { readonly value: Draw | null }) {
  const axes = [...new Set(chosenAxes())];
  return (
    <div class="in-numbers" aria-hidden="true">
      {axes.map((i) => {
        const figures = [value?.z, value?.mean, value?.logvar.map((x) => Math.exp(x / 2)), value?.epsilon];
        const [z, mean, sigma, epsilon] = figures.map(
          (all) => all?.[i]?.toFixed(2).replace('-', '−') ?? '...',
        );
        return (
          <span key={i}>
            {z} = {mean} + {sigma} · {epsilon}
          </span>
        );
      })}
    </div>
  );
}

/** From one station to the next. */
const Arrow = ({ children }: { readonly children: ComponentChildren }) => (
  <div class="arrow">
    {children}
    <svg viewBox="0 0 60 12" aria-hidden="true">
      <path d="M0 6H58M52 1L58 6L52 11" />
    </svg>
  </div>
);

const Station = (props: {
  readonly name: string;
  readonly label: ComponentChildren;
  readonly children: ComponentChildren;
}) => (
  <figure class={`station ${props.name}`}>
    <figcaption>{props.label}</figcaption>
    {props.children}
  </figure>
);

const wordsOfImage = (label: number | null): string => {
  if (isExample()) return 'x, an example';
  return label === null || strokes() !== null ? 'x, yours' : `x, a ${label}`;
};

/** The buttons below the field. */
function Choose() {
  const { digit } = params.value;
  const count = Math.min(app.settings.count, 2000);
  return (
    <div class="row">
      <button type="button" class="quiet" onClick={() => chooseTestImage(((digit ?? -1) + 1) % count)}>
        Another digit
      </button>
      <button type="button" class="quiet" disabled={strokes() === null} onClick={() => chooseTestImage(null)}>
        Clear
      </button>
    </div>
  );
}

/** The whole model from left to right: a digit, the cloud of its codes, one of them, and what it is decoded to. */
export function Strip() {
  const root = useRef<HTMLElement>(null);
  const draw = useDraws(useVisible(root));
  const { value, problem } = useAsk('trainDraw', { image: chosenImage(), draw });
  const { samples: seed } = params.value;
  const samples = useAsk('trainSamples', { count: SAMPLES, seed }, { between: 700 }).value;
  const axes = wordsOfAxes();
  const words = smallKlWords(app.history.points, app.settings);
  return (
    <section ref={root} class="card strip-card" aria-labelledby="train-title">
      <h2 id="train-title">
        Draw a digit: the encoder answers with a cloud of codes, one is drawn, the decoder paints it.
      </h2>
      <Problem text={problem} />
      <div class="strip">
        <Station name="drawn" label={<NodeLink node="x">{wordsOfImage(value?.label ?? null)}</NodeLink>}>
          <Pad pixels={value?.pixels ?? null} />
          <Choose />
        </Station>
        <Arrow>
          <NodeLink node="mean">encoder</NodeLink>
        </Arrow>
        <Station
          name="codes"
          label={
            <NodeLink node="sigma">
              cloud of codes<span class="wide">, q(z | x)</span>
            </NodeLink>
          }
        >
          <Plane value={value} />
          <div class="trick">
            <NodeLink node="z">z = mean + sigma · epsilon</NodeLink>
            <Numbers value={value} />
          </div>
        </Station>
        <Arrow>
          <NodeLink node="output">decoder</NodeLink>
        </Arrow>
        <Station name="painted" label={<NodeLink node="reconstruction">reconstruction</NodeLink>}>
          <Tiles
            pixels={value?.decoded ?? null}
            across={1}
            {...app.image}
            label="What the decoder paints of the drawn z"
          />
        </Station>
        <Station
          name="samples"
          label={
            <>
              six samples<span class="wide"> of the prior</span>
            </>
          }
        >
          <Tiles
            pixels={samples}
            across={3}
            count={SAMPLES}
            {...app.image}
            label="Six images decoded from codes drawn from the prior"
          />
        </Station>
      </div>
      {axes !== null && <p class="small soft">The plane shows {axes}.</p>}
      {words !== null && (
        <p class="notice" role="status">
          {words}
        </p>
      )}
    </section>
  );
}
