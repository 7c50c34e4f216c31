import { type Stroke, withPoint } from '../../shared/ink.js';
import { app } from '../../state/app.js';
import { useCanvas } from '../../ui/hooks.js';
import { keepDrawing, strokes } from './params.js';

/** Side of the field, in canvas pixels. */
const SIDE = 280;
/** Width of the pen, as a share of the field. */
const PEN = 0.09;

function paint(context: CanvasRenderingContext2D, all: readonly Stroke[]): void {
  context.fillStyle = '#000';
  context.fillRect(0, 0, SIDE, SIDE);
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

/** A field to draw a digit in, with pointer, pen or finger. */
export function Pad() {
  const all = strokes() ?? [];
  const root = useCanvas((context) => paint(context, all), [JSON.stringify(all)]);
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
          ? 'A field to draw a digit in with the pointer; without one, choose a test image below'
          : `Your drawing, of ${all.length} ${all.length === 1 ? 'stroke' : 'strokes'}`
      }
      width={SIDE}
      height={SIDE}
      onPointerDown={(event) => {
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
