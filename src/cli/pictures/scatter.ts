import { classHex, type Theme } from '../../data/class-colors.js';
import { linearTicks } from '../../study/ticks.js';
import { Canvas, type Color, color, type Point } from './canvas.js';
import { drawText, textWidth } from './lettering.js';

export interface ScatterPoints {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** The class of each point, 0 to 255. */
  readonly classes: ArrayLike<number>;
  /** The dimensions of z along the axes, such as '1' for z1; '' if an axis shows something else. */
  readonly axes: readonly [x: string, y: string];
}

/** Colours other than those of classes. */
const themes: Readonly<Record<Theme, { background: string; faint: string; text: string }>> = {
  light: { background: '#ffffff', faint: '#dfe2e8', text: '#3a3f4a' },
  dark: { background: '#16181d', faint: '#31353e', text: '#c9ced8' },
};

/** A colour for each of `count` classes; see `classHex`. */
export const classColors = (count: number, theme: Theme = 'light'): Color[] =>
  classHex(count, theme).map(color);

/** Margins of the plot, in pixels of the picture (for a screen of double density). */
const FRAME = { width: 1240, height: 1240, left: 120, right: 130, top: 24, bottom: 116 } as const;
const LETTER = 25;
/** Rows of the legend; in the place of more it has the number that are left. */
export const SHOWN_CLASSES = 20;
/** Pixels between the centres of two labels in the plot. */
const LABEL_ROOM = 50;

/** The interval of nearly all values without outliers, slightly widened. */
function extent(values: ArrayLike<number>): [low: number, high: number] {
  const sorted = Array.from(values).sort((a, b) => a - b);
  const at = (q: number): number => sorted[Math.round(q * (sorted.length - 1))];
  const [low, high] = [at(0.002), at(0.998)];
  const margin = high > low ? 0.06 * (high - low) : 1;
  return [low - margin, high + margin];
}

/** Moves points until they are about `room` apart. */
export function spread(points: readonly Point[], room: number): Point[] {
  const moved = points.map(([x, y]): [number, number] => [x, y]);
  for (let round = 0; round < 50; round++) {
    for (let i = 1; i < moved.length; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [moved[i], moved[j]];
        // Coinciding points part sideways.
        const [dx, dy] = a[0] === b[0] && a[1] === b[1] ? [1, 0] : [a[0] - b[0], a[1] - b[1]];
        const distance = Math.sqrt(dx * dx + dy * dy);
        const push = (room - Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)) / 2;
        if (push <= 0) continue;
        a[0] += (dx / distance) * push;
        a[1] += (dy / distance) * push;
        b[0] -= (dx / distance) * push;
        b[1] -= (dy / distance) * push;
      }
    }
  }
  return moved;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * A scatter of points coloured by class, with axes, a legend, and the class written at the median of its points, so that
 * nothing depends on colour alone. Outliers (at most 4 in 1,000 along each axis) are drawn at the edge.
 * @throws RangeError when there are no points.
 */
export function scatter(points: ScatterPoints, theme: Theme = 'light'): Canvas {
  const count = points.classes.length;
  if (count === 0) throw new RangeError('scatter: there are no points to draw');
  const { background, faint, text } = themes[theme];
  const canvas = new Canvas(FRAME.width, FRAME.height, color(background));
  const right = FRAME.width - FRAME.right;
  const bottom = FRAME.height - FRAME.bottom;
  const [xLow, xHigh] = extent(points.x);
  const [yLow, yHigh] = extent(points.y);
  const inside = (v: number): number => Math.max(0, Math.min(1, v));
  const px = (x: number): number => FRAME.left + (right - FRAME.left) * inside((x - xLow) / (xHigh - xLow));
  const py = (y: number): number => bottom - (bottom - FRAME.top) * inside((y - yLow) / (yHigh - yLow));
  const style = { size: LETTER, ink: color(text), weight: 3 };

  const rule = (from: Point, to: Point, value: number): void =>
    canvas.stroke([from, to], value === 0 ? 2 : 1, color(faint));
  for (const x of linearTicks(xLow, xHigh)) {
    rule([px(x), FRAME.top], [px(x), bottom], x);
    drawText(canvas, String(x), [px(x), bottom + 38], { ...style, align: 'center' });
  }
  for (const y of linearTicks(yLow, yHigh)) {
    rule([FRAME.left, py(y)], [right, py(y)], y);
    drawText(canvas, String(y), [FRAME.left - 18, py(y)], { ...style, align: 'right' });
  }
  const centred = { ...style, align: 'center' } as const;
  const [across, up] = points.axes;
  drawText(canvas, `z${across}`, [(FRAME.left + right) / 2, bottom + 90], centred);
  if (up !== '') drawText(canvas, `z${up}`, [30, (FRAME.top + bottom) / 2], centred);

  const present = [...new Set(Array.from(points.classes))].sort((a, b) => a - b);
  const colors = classColors(present.length, theme);
  const radius = count > 4000 ? 3.5 : count > 1000 ? 5 : 6.5;
  const opacity = count > 4000 ? 0.55 : 0.7;
  for (let i = 0; i < count; i++) {
    const ink = colors[present.indexOf(points.classes[i])];
    canvas.disc([px(points.x[i]), py(points.y[i])], radius, ink, opacity);
  }

  const medians = present.map((label): Point => {
    const own = Array.from({ length: count }, (_, i) => i).filter((i) => points.classes[i] === label);
    return [median(own.map((i) => px(points.x[i]))), median(own.map((i) => py(points.y[i])))];
  });
  spread(medians, LABEL_ROOM).forEach((at, k) => {
    const label = { size: 38, align: 'center' } as const;
    drawText(canvas, String(present[k]), at, { ...label, ink: color(background), weight: 16 });
    drawText(canvas, String(present[k]), at, { ...label, ink: color(text), weight: 5 });
  });
  const widest = textWidth(String(present[Math.min(present.length, SHOWN_CLASSES) - 1]), LETTER);
  present.slice(0, SHOWN_CLASSES).forEach((label, k) => {
    const y = FRAME.top + 26 + 46 * k;
    canvas.disc([right + 42, y], 12, colors[k]);
    drawText(canvas, String(label), [right + 70 + widest, y], { ...style, align: 'right' });
  });
  const left = present.length - SHOWN_CLASSES;
  if (left > 0) {
    const y = FRAME.top + 26 + 46 * SHOWN_CLASSES;
    drawText(canvas, `+${left}`, [right + 70 + widest, y], { ...style, align: 'right' });
  }
  return canvas;
}
