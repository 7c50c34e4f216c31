import type { Result } from '../../shared/protocol.js';
import { colorOf } from '../../ui/theme.js';
import { centres, type Frame, toCanvas } from './plane-geometry.js';

export interface Scene {
  readonly frame: Frame;
  readonly points: Float32Array;
  readonly labels: Uint8Array;
  readonly colors: readonly string[];
  readonly axes: readonly [number, number];
  readonly names: readonly [string, string];
  /** The code set by hand. */
  readonly code: readonly number[];
  /** The posterior of the selected digit. */
  readonly inference: Result<'trainInfer'> | null;
}

function drawPrior(context: CanvasRenderingContext2D, { frame, names }: Scene): void {
  const { side, reach } = frame;
  context.strokeStyle = colorOf('line');
  context.fillStyle = colorOf('soft');
  context.lineWidth = 1;
  context.font = '12px system-ui, sans-serif';
  const [cx, cy] = toCanvas(frame, 0, 0);
  context.beginPath();
  context.moveTo(0, cy);
  context.lineTo(side, cy);
  context.moveTo(cx, 0);
  context.lineTo(cx, side);
  context.stroke();
  for (let sd = 1; sd < reach; sd++) {
    context.beginPath();
    context.arc(cx, cy, (sd / (2 * reach)) * side, 0, 2 * Math.PI);
    context.stroke();
    context.textAlign = 'left';
    context.fillText(String(sd), toCanvas(frame, sd, 0)[0] + 3, cy + 14);
  }
  context.textAlign = 'right';
  context.fillText(names[0], side - 6, cy - 6);
  context.textAlign = 'left';
  context.fillText(names[1], cx + 6, 14);
}

function drawPoints(context: CanvasRenderingContext2D, { frame, points, labels, colors }: Scene): void {
  const radius = Math.max(1.8, frame.side / 220);
  context.globalAlpha = 0.85;
  colors.forEach((color, label) => {
    context.fillStyle = color;
    context.beginPath();
    labels.forEach((own, i) => {
      if (own !== label) return;
      const [x, y] = toCanvas(frame, points[2 * i], points[2 * i + 1]);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    });
    context.fill();
  });
  context.globalAlpha = 1;
  context.font = '700 15px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 4;
  context.strokeStyle = colorOf('card');
  context.fillStyle = colorOf('text');
  centres(points, labels, colors.length).forEach((centre, label) => {
    if (centre === undefined) return;
    const [x, y] = toCanvas(frame, centre[0], centre[1]);
    context.strokeText(String(label), x, y);
    context.fillText(String(label), x, y);
  });
  context.textBaseline = 'alphabetic';
}

/** The posterior: one and two standard deviations around its mean. */
function drawPosterior(context: CanvasRenderingContext2D, { frame, axes: [i, j], inference }: Scene): void {
  if (inference === null) return;
  const { mean, logvar } = inference;
  const [x, y] = toCanvas(frame, mean[i], mean[j]);
  const scale = frame.side / (2 * frame.reach);
  context.strokeStyle = colorOf('text');
  context.lineWidth = 2;
  for (const sd of [1, 2]) {
    context.beginPath();
    context.ellipse(
      x,
      y,
      Math.max(1, sd * scale * Math.exp(logvar[i] / 2)),
      Math.max(1, sd * scale * Math.exp(logvar[j] / 2)),
      0,
      0,
      2 * Math.PI,
    );
    context.stroke();
    context.setLineDash([4, 3]);
  }
  context.setLineDash([]);
  context.fillStyle = colorOf('text');
  context.fillRect(x - 2.5, y - 2.5, 5, 5);
}

function drawCode(context: CanvasRenderingContext2D, { frame, axes: [i, j], code }: Scene): void {
  const [x, y] = toCanvas(frame, code[i], i === j ? 0 : code[j]);
  for (const [color, width] of [
    [colorOf('card'), 5],
    [colorOf('second'), 2.5],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x - 9, y);
    context.lineTo(x + 9, y);
    context.moveTo(x, y - 9);
    context.lineTo(x, y + 9);
    context.stroke();
  }
}

/** Draws the latent plane on a canvas scaled to CSS pixels. */
export function drawPlane(context: CanvasRenderingContext2D, scene: Scene): void {
  const { side } = scene.frame;
  context.clearRect(0, 0, side, side);
  drawPrior(context, scene);
  drawPoints(context, scene);
  drawPosterior(context, scene);
  drawCode(context, scene);
}
