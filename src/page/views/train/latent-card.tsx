import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { classHex } from '../../../data/class-colors.js';
import { formatNumber } from '../../../tensor/format.js';
import type { Result } from '../../shared/protocol.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { Card } from '../../ui/card.js';
import { Select } from '../../ui/fields.js';
import { useVisible, useWidth } from '../../ui/hooks.js';
import { type Column, Table } from '../../ui/table.js';
import { reducedMotion, theme } from '../../ui/theme.js';
import { Tiles } from '../../ui/tiles.js';
import { nameOf } from './code.js';
import { chooseAxis, chooseCode, chosenAxes, chosenCode, codeAt, wordsOfAxes } from './params.js';
import { drawPlane, isLine, type Scene } from './plane.js';
import { centres, type Frame, fromCanvas, nearest, reachOf } from './plane-geometry.js';

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

function AxisChoice({ which }: { readonly which: 'x' | 'y' }) {
  const [x, y] = chosenAxes();
  return (
    <Select
      class="row small"
      label={which === 'x' ? 'across' : 'upwards'}
      value={which === 'x' ? x : y}
      options={Array.from({ length: app.settings.latent }, (_, axis) => [axis, nameOf(axis)])}
      onChoose={(axis) => chooseAxis(which, axis)}
    />
  );
}

/** The image under the pointer, beside it. */
function Hover(
  props: Pick<Scene, 'frame' | 'labels' | 'points'> & {
    /** In CSS pixels, and as a code. */
    readonly offset: readonly [number, number];
    readonly at: readonly [number, number];
  },
) {
  const { offset, at, frame, labels, points } = props;
  const { value } = useAsk('trainDecode', { z: codeAt(...at) }, { between: 60 });
  const [left, top] = offset;
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
        {[...new Set(at)].map((x) => x.toFixed(2)).join(', ')}
        {near >= 0 && <b> test: {labels[near]}</b>}
      </span>
    </div>
  );
}

/** Two dimensions of the latent space, with the test set. */
export function LatentCard({ inference }: { readonly inference: Result<'trainInfer'> | null }) {
  const root = useRef<HTMLCanvasElement>(null);
  const motion = useRef<Motion>({ from: NONE.points, to: NONE.points, start: 0 });
  const frameRequest = useRef(0);
  const scene = useRef<Scene | null>(null);
  const side = useSignal(0);
  const pointer = useSignal<readonly [number, number] | null>(null);
  const visible = useVisible(root);
  const { latent } = app.settings;
  const axes = chosenAxes();
  const names = [nameOf(axes[0]), nameOf(axes[1])] as const;
  const { value, problem } = useAsk('trainCloud', visible ? { axes, count: COUNT } : null);
  const { points, labels } = value ?? NONE;
  const classes = Math.max(10, ...labels.map((label) => label + 1));
  const colors = classHex(classes, theme.value);
  const frame: Frame = { side: side.value, reach: reachOf(points) };
  scene.current = {
    frame,
    points,
    labels,
    colors,
    axes,
    names,
    code: chosenCode(),
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
  useWidth(root, (width) => {
    side.value = width;
  });
  useEffect(() => () => cancelAnimationFrame(frameRequest.current), []);

  const line = isLine({ axes });
  const codeOf = (left: number, top: number): readonly [number, number] => {
    const [x, y] = fromCanvas(frame, left, top);
    return [x, line ? x : y];
  };
  const point = ({ offsetX, offsetY }: PointerEvent): void => {
    pointer.value = [offsetX, offsetY];
  };
  const present = [...new Set(labels)].sort((a, b) => a - b);
  return (
    <Card
      title="Latent space"
      actions={
        latent > 2 && (
          <>
            <AxisChoice which="x" />
            <AxisChoice which="y" />
          </>
        )
      }
      problem={problem}
    >
      <div class="plane">
        <canvas
          ref={root}
          role="img"
          aria-label={`Posterior means of ${labels.length} test images at ${[...new Set(names)].join(' and ')}, coloured by class. The table below has the centre of each class.`}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => {
            pointer.value = null;
          }}
          onClick={({ offsetX, offsetY }) => chooseCode(codeAt(...codeOf(offsetX, offsetY)))}
        />
        {pointer.value && frame.side > 0 && (
          <Hover
            offset={pointer.value}
            at={codeOf(...pointer.value)}
            frame={frame}
            labels={labels}
            points={points}
          />
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
        {wordsOfAxes() !== null && <>Shown are {wordsOfAxes()}. </>}
        {line
          ? 'Each dot is a test image, at its posterior mean; how far below the line says nothing. Above the line: the density of the prior, and with a thick line that of the posterior of the digit above.'
          : 'Each dot is a test image, at its posterior mean. Rings: 1, 2, 3 standard deviations of the prior. Ellipse: the posterior of the digit above, at 1 and 2 standard deviations.'}{' '}
        Cross: the z set by hand; click to move it.
      </p>
      <Centres points={points} labels={labels} classes={classes} names={names} />
    </Card>
  );
}

/** The plane as numbers. */
function Centres(props: Pick<Scene, 'points' | 'labels' | 'names'> & { readonly classes: number }) {
  const { points, labels, classes, names } = props;
  const rows = centres(points, labels, classes).flatMap((centre, label) =>
    centre === undefined ? [] : [{ label, centre, count: labels.filter((one) => one === label).length }],
  );
  return (
    <details>
      <summary>As numbers: the centre of each class</summary>
      <Table
        rows={rows}
        attributes={({ label }) => ({ key: label })}
        columns={[
          { title: 'class', kind: 'head', cell: ({ label }) => label },
          { title: 'images', kind: 'number', cell: ({ count }) => count },
          ...[...new Set(names)].map(
            (name, i): Column<(typeof rows)[number]> => ({
              title: name,
              kind: 'number',
              cell: ({ centre }) => formatNumber(centre[i]),
            }),
          ),
        ]}
      />
    </details>
  );
}
