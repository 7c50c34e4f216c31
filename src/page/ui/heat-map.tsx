import { useRef } from 'preact/hooks';
import { useCanvas } from './hooks.js';
import { hasModifier } from './modifier.js';
import { typesetNumber } from './number.js';
import { type ColorName, colorOf } from './theme.js';

export interface HeatMapProps {
  readonly title: string;
  /** Row after row. */
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
  /** Names of the rows and columns: 'examples', 'dimensions'. */
  readonly names: readonly [rows: string, columns: string];
  /** The selected element, or several: how many rows and columns of them. */
  readonly mark?: readonly [row: number, column: number, rows?: number, columns?: number];
  onPick?(row: number, column: number): void;
}

type Rgb = readonly [number, number, number];

/** A colour as bytes. The canvas normalizes any notation to '#1c5fb8'. */
function rgbOf(context: CanvasRenderingContext2D, name: ColorName): Rgb {
  context.fillStyle = colorOf(name);
  const color = Number.parseInt(String(context.fillStyle).slice(1), 16);
  return [(color >> 16) & 255, (color >> 8) & 255, color & 255];
}

function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    if (magnitude > largest && magnitude < Number.POSITIVE_INFINITY) largest = magnitude;
  }
  return largest;
}

/** Numbers as colours: blue above 0, orange below, by the square root of the magnitude, so that small ones are visible. */
function paint(
  context: CanvasRenderingContext2D,
  data: Uint8ClampedArray,
  values: ArrayLike<number>,
  pixelOf: (i: number) => number,
  largest: number,
): void {
  const [ground, above, below, bad] = (['card', 'accent', 'second', 'bad'] as const).map((name) =>
    rgbOf(context, name),
  );
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    const share = Number.isFinite(x) ? Math.sqrt(Math.abs(x) / (largest || 1)) : 1;
    const ink = Number.isFinite(x) ? (x > 0 ? above : below) : bad;
    const at = 4 * pixelOf(i);
    for (let k = 0; k < 3; k++) data[at + k] = ground[k] + share * (ink[k] - ground[k]);
    data[at + 3] = 255;
  }
}

/** By how many places across and down an arrow key moves the selected element. */
const STEPS: Readonly<Record<string, readonly [x: number, y: number] | undefined>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const clamp = (i: number, count: number): number => Math.max(0, Math.min(count - 1, i));

/** A matrix as a picture, its longer side across; a click or an arrow key selects an element. */
export function HeatMap({ title, values, rows, columns, names, mark, onPick }: HeatMapProps) {
  const isTurned = rows > columns;
  const [across, down] = isTurned ? [rows, columns] : [columns, rows];
  const largest = largestOf(values);
  const draw = (context: CanvasRenderingContext2D): void => {
    const picture = context.createImageData(across, down);
    const pixelOf = (i: number): number => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      return isTurned ? column * across + row : row * across + column;
    };
    paint(context, picture.data, values, pixelOf, largest);
    context.putImageData(picture, 0, 0);
  };
  const root = useCanvas(draw, [values, across, down, columns, isTurned, largest]);

  const [first, second] = isTurned ? names : [names[1], names[0]];
  const [row, column, tall = 1, wide = 1] = mark ?? [];
  const [x, y] = isTurned ? [row, column] : [column, row];
  const [width, depth] = isTurned ? [tall, wide] : [wide, tall];
  // The element that the keys have reached: the mark follows once the engine has answered.
  const moved = useRef<readonly [x: number, y: number] | null>(null);
  const pick = (x: number, y: number): void => {
    const [i, j] = [clamp(x, across), clamp(y, down)];
    if (isTurned) onPick?.(i, j);
    else onPick?.(j, i);
  };
  const height = Math.max(24, Math.min(220, down * 22));
  return (
    <figure class="heat-map">
      <figcaption>
        {title}{' '}
        <small>
          {first} across, {second} down
        </small>
      </figcaption>
      <div class="frame" style={{ height: `${height}px` }}>
        <canvas
          ref={root}
          class="pixels"
          width={across}
          height={down}
          role={onPick ? 'application' : 'img'}
          tabIndex={onPick ? 0 : undefined}
          aria-label={`${rows} ${names[0]} times ${columns} ${names[1]}, between ${typesetNumber(-largest)} and ${typesetNumber(largest)}${onPick ? '; arrow keys choose one' : ''}`}
          onClick={({ offsetX, offsetY, currentTarget }) => {
            moved.current = null;
            pick(
              Math.floor((offsetX / currentTarget.clientWidth) * across),
              Math.floor((offsetY / currentTarget.clientHeight) * down),
            );
          }}
          onKeyDown={(event) => {
            const step = STEPS[event.key];
            if (onPick === undefined || step === undefined || hasModifier(event)) return;
            // Elsewhere the keys walk from moment to moment.
            event.preventDefault();
            event.stopPropagation();
            const [atX, atY] = moved.current ?? [x ?? 0, y ?? 0];
            moved.current = [clamp(atX + step[0], across), clamp(atY + step[1], down)];
            pick(...moved.current);
          }}
          onBlur={() => {
            moved.current = null;
          }}
        />
        {x !== undefined && y !== undefined && (
          <span
            class="cell"
            style={{
              left: `${(100 * x) / across}%`,
              top: `${(100 * y) / down}%`,
              width: `${(100 * width) / across}%`,
              height: `${(100 * depth) / down}%`,
            }}
          />
        )}
      </div>
      <p class="scale small soft">
        <span>{typesetNumber(-largest)}</span>
        <span class="colors" aria-hidden="true" />
        <span>{typesetNumber(largest)}</span>
      </p>
    </figure>
  );
}
