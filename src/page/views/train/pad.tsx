import { type Stroke, withPoint } from '../../shared/ink.js';
import { app } from '../../state/app.js';
import { useCanvas } from '../../ui/hooks.js';
import { EXAMPLE } from './example.js';
import { isExample, keepDrawing, strokes } from './params.js';

/** Side of the field, in canvas pixels. */
const SIDE = 280;
/** Width of the pen, as a share of the field. */
const PEN = 0.09;

function paintStrokes(context: CanvasRenderingContext2D, all: readonly Stroke[]): void {
  context.strokeStyle = '#fff';
  context.lineWidth = PEN * SIDE;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of all) {
    context.beginPath();
    context.moveTo(stroke[0] * SIDE, stroke[1] * SIDE);
    for (let i = 0; i < stroke.length; i += 2) context.lineTo(stroke[i] * SIDE, stroke[i + 1] * SIDE);
    context.stroke();
  }
}

function paintImage(context: CanvasRenderingContext2D, pixels: Uint8Array): void {
  const { rows, columns } = app.image;
  if (pixels.length !== rows * columns) return;
  const scale = SIDE / Math.max(rows, columns);
  const [left, top] = [(SIDE - columns * scale) / 2, (SIDE - rows * scale) / 2];
  pixels.forEach((value, i) => {
    context.fillStyle = `rgb(${value} ${value} ${value})`;
    const [row, column] = [Math.floor(i / columns), i % columns];
    context.fillRect(left + column * scale, top + row * scale, scale + 0.5, scale + 0.5);
  });
}

/** A field to draw a digit in, with pointer, pen or finger. Before that it shows an example, or the test image. */
export function Pad({ pixels }: { readonly pixels: Uint8Array | null }) {
  const all = strokes() ?? [];
  const shown = isExample() ? EXAMPLE : all;
  const image = shown.length === 0 ? pixels : null;
  const root = useCanvas(
    (context) => {
      context.fillStyle = '#000';
      context.fillRect(0, 0, SIDE, SIDE);
      if (image !== null) paintImage(context, image);
      paintStrokes(context, shown);
    },
    [JSON.stringify(shown), image],
  );
  const pointOf = ({ offsetX, offsetY, currentTarget }: PointerEvent): readonly [number, number] => {
    const width = currentTarget instanceof HTMLElement ? currentTarget.clientWidth : SIDE;
    return [Math.min(1, Math.max(0, offsetX / width)), Math.min(1, Math.max(0, offsetY / width))];
  };
  return (
    <canvas
      ref={root}
      class="pad"
      role="img"
      aria-label={
        all.length === 0
          ? 'A field to draw a digit in with the pointer, with an example in it; without a pointer, take another digit below'
          : `Your drawing, of ${all.length} ${all.length === 1 ? 'stroke' : 'strokes'}`
      }
      width={SIDE}
      height={SIDE}
      onPointerDown={(event) => {
        // The other buttons have a meaning of their own, such as a menu.
        if (event.button !== 0 || !event.isPrimary) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        app.drawing = [...all, pointOf(event)];
      }}
      onPointerMove={(event) => {
        const [before, last] = [app.drawing?.slice(0, -1), app.drawing?.at(-1)];
        if (before === undefined || last === undefined) return;
        const stroke = withPoint(last, ...pointOf(event));
        if (stroke !== last) app.drawing = [...before, stroke];
      }}
      onPointerUp={keepDrawing}
      onPointerCancel={keepDrawing}
    />
  );
}
