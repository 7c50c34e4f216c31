import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { classHex } from '../../../data/class-colors.js';
import { formatNumber } from '../../../tensor/format.js';
import type { Inference } from '../../shared/latent.js';
import { app } from '../../state/app.js';
import { useLive } from '../../state/live.js';
import { Columns } from '../../ui/columns.js';
import { Problem } from '../../ui/problem.js';
import { reducedMotion, theme } from '../../ui/theme.js';
import { Tiles } from '../../ui/tiles.js';
import { useVisible } from '../../ui/use-visible.js';
import { axes, code, codeAt, setAxis, setCode } from './chosen.js';
import { nameOf } from './code.js';
import { drawPlane, type Scene } from './plane.js';
import { type Frame, fromCanvas, nearest, reachOf, toCanvas } from './plane-geometry.js';

/** Test images shown as points. */
const COUNT = 600;
/** Milliseconds in which points move to their new positions. */
const GLIDE = 280;
const NONE = { points: new Float32Array(0), labels: new Uint8Array(0) };

/** Points moving to their new positions. */
interface Motion {
  from: Float32Array;
  to: Float32Array;
  start: number;
}

/** The points of a motion at a given time, and whether they have arrived. */
function positionsAt({ from, to, start }: Motion, time: number): readonly [Float32Array, boolean] {
  const way = Math.min(1, (time - start) / GLIDE);
  if (way >= 1 || from.length !== to.length) return [to, true];
  const smooth = way * (2 - way);
  return [to.map((end, i) => from[i] + smooth * (end - from[i])), false];
}

function AxisChoice({ which, latent }: { readonly which: 'x' | 'y'; readonly latent: number }) {
  const id = useId();
  const [x, y] = axes.value;
  return (
    <div class="row small">
      <label for={id}>{which === 'x' ? 'across' : 'upwards'}</label>
      <select
        id={id}
        value={which === 'x' ? x : y}
        onChange={({ currentTarget }) => setAxis(which, Number(currentTarget.value))}
      >
        {Array.from({ length: latent }, (_, axis) => (
          <option key={nameOf(axis)} value={axis}>
            {nameOf(axis)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The image under the pointer, beside it. */
function Hover({
  at,
  frame,
  labels,
  points,
}: {
  readonly at: readonly [number, number];
  readonly frame: Frame;
  readonly labels: Uint8Array;
  readonly points: Float32Array;
}) {
  const { value } = useLive('trainDecode', { z: codeAt(...at) }, 60);
  const [left, top] = toCanvas(frame, ...at);
  const near = nearest(points, at[0], at[1], (8 / frame.side) * 2 * frame.reach);
  return (
    <div
      class="hover"
      aria-hidden="true"
      style={{
        left: `${left > frame.side - 130 ? left - 118 : left + 14}px`,
        top: `${Math.min(frame.side - 140, Math.max(0, top - 50))}px`,
      }}
    >
      {value && <Tiles pixels={value} across={1} {...app.image} label="the image decoded at the pointer" />}
      <span>
        {at.map((x) => x.toFixed(2)).join(', ')}
        {near >= 0 && <b> test: {labels[near]}</b>}
      </span>
    </div>
  );
}

/** Two dimensions of the latent space, with the test set. */
export function LatentCard({ inference }: { readonly inference: Inference | null }) {
  const root = useRef<HTMLCanvasElement>(null);
  const motion = useRef<Motion>({ from: NONE.points, to: NONE.points, start: 0 });
  const frameRequest = useRef(0);
  const scene = useRef<Scene | null>(null);
  const side = useSignal(0);
  const pointer = useSignal<readonly [number, number] | null>(null);
  const visible = useVisible(root);
  const { latent } = app.settings;
  const [i, j] = axes.value;
  const { value, problem } = useLive('trainCloud', visible ? { axes: axes.value, count: COUNT } : null);
  const { points, labels } = value ?? NONE;
  const classes = Math.max(10, ...labels.map((label) => label + 1));
  const colors = classHex(classes, theme.value);
  const frame: Frame = { side: side.value, reach: reachOf(points) };
  scene.current = {
    frame,
    points,
    labels,
    colors,
    axes: axes.value,
    names: [nameOf(i), nameOf(j)],
    code: code.value,
    inference: inference?.mean.length === latent ? inference : null,
  };

  useEffect(() => {
    const canvas = root.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || side.value === 0) return;
    const draw = (time: number): void => {
      if (scene.current === null) return;
      const [now, arrived] = positionsAt(motion.current, time);
      const ratio = devicePixelRatio;
      const pixels = Math.round(side.value * ratio);
      if (canvas.width !== pixels) [canvas.width, canvas.height] = [pixels, pixels];
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawPlane(context, { ...scene.current, points: now });
      frameRequest.current = arrived ? 0 : requestAnimationFrame(draw);
    };
    const now = performance.now();
    if (motion.current.to !== points) {
      const from = reducedMotion.value ? points : positionsAt(motion.current, now)[0];
      motion.current = { from, to: points, start: now };
    }
    cancelAnimationFrame(frameRequest.current);
    frameRequest.current = requestAnimationFrame(draw);
  });
  useEffect(() => {
    const canvas = root.current;
    if (canvas === null) return;
    const observer = new ResizeObserver(() => {
      side.value = canvas.clientWidth;
    });
    observer.observe(canvas);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frameRequest.current);
    };
  }, [side]);

  const codeOf = (event: { readonly offsetX: number; readonly offsetY: number }) =>
    fromCanvas(frame, event.offsetX, event.offsetY);
  const present = [...new Set(labels)].sort((a, b) => a - b);
  return (
    <section class="card latent" aria-labelledby="latent-title">
      <div class="row spread">
        <h3 id="latent-title">Latent space</h3>
        {latent > 2 && (
          <>
            <AxisChoice which="x" latent={latent} />
            <AxisChoice which="y" latent={latent} />
          </>
        )}
      </div>
      <Problem text={problem} />
      <div class="plane">
        <canvas
          ref={root}
          role="img"
          aria-label={`Posterior means of ${labels.length} test images at ${nameOf(i)} and ${nameOf(j)}, coloured by class. The table below has the centre of each class.`}
          onPointerMove={(event) => {
            pointer.value = codeOf(event);
          }}
          onPointerDown={(event) => {
            pointer.value = codeOf(event);
          }}
          onPointerLeave={() => {
            pointer.value = null;
          }}
          onClick={(event) => setCode(codeAt(...codeOf(event)))}
        />
        {pointer.value && frame.side > 0 && (
          <Hover at={pointer.value} frame={frame} labels={labels} points={points} />
        )}
      </div>
      <ul class="legend classes">
        {present.map((label) => (
          <li key={label}>
            <svg width="10" height="10" aria-hidden="true">
              <circle cx="5" cy="5" r="5" style={{ fill: colors[label] }} />
            </svg>
            {label}
          </li>
        ))}
      </ul>
      <p class="small soft">
        Each dot is a test image, at its posterior mean. Rings: 1, 2, 3 standard deviations of the prior.
        Ellipse: the posterior of the digit below, at 1 and 2 standard deviations. Cross: the z set by hand;
        click to move it.
      </p>
      <Centres points={points} labels={labels} present={present} names={[nameOf(i), nameOf(j)]} />
    </section>
  );
}

/** The plane as numbers. */
function Centres({
  points,
  labels,
  present,
  names,
}: {
  readonly points: Float32Array;
  readonly labels: Uint8Array;
  readonly present: readonly number[];
  readonly names: readonly [string, string];
}) {
  const rows = present.map((label) => {
    const own = [...labels.keys()].filter((i) => labels[i] === label);
    const mean = (axis: number) => own.reduce((sum, i) => sum + points[2 * i + axis], 0) / own.length;
    return { label, count: own.length, x: mean(0), y: mean(1) };
  });
  return (
    <details>
      <summary>As numbers: the centre of each class</summary>
      <table>
        <Columns text={['class']} numbers={['images', ...names]} />
        <tbody>
          {rows.map(({ label, count, x, y }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td class="number">{count}</td>
              <td class="number">{formatNumber(x)}</td>
              <td class="number">{formatNumber(y)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
