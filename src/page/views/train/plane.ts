import type { Result } from '../../shared/protocol.js';
import { colorOf } from '../../ui/theme.js';
import { centres, type Frame, fromCanvas, toCanvas } from './plane-geometry.js';

/** Of one image, [latent] each. */
type Posterior = Pick<Result<'trainInfer'>, 'mean' | 'logvar'>;

export interface Scene {
  readonly frame: Frame;
  readonly points: Float32Array;
  readonly labels: Uint8Array;
  readonly colors: readonly string[];
  /** The same twice where z has one dimension: then the plane is a line, with densities above it and points below. */
  readonly axes: readonly [number, number];
  readonly names: readonly [string, string];
  /** The code set by hand. */
  readonly code?: readonly number[];
  /** The posterior of the selected digit. */
  readonly inference: Posterior | null;
  /** Draws of z from it, the newest last. */
  readonly draws?: readonly (readonly number[])[];
}

export const isLine = ({ axes: [i, j] }: Pick<Scene, 'axes'>): boolean => i === j;

/** Height of the line, as a share of the side. */
const BASE = 0.62;

/** Where (x, y) is drawn: on a line, at the height `below` it, as a share of the room there. */
function placeOf(scene: Scene, x: number, y: number, below = 0): readonly [number, number] {
  const { frame } = scene;
  const [left, top] = toCanvas(frame, x, y);
  return isLine(scene) ? [left, frame.side * (BASE + below * (1 - BASE))] : [left, top];
}

function drawPrior(context: CanvasRenderingContext2D, scene: Scene): void {
  const { frame, names } = scene;
  const { side, reach } = frame;
  const line = isLine(scene);
  context.strokeStyle = colorOf('line');
  context.fillStyle = colorOf('soft');
  context.lineWidth = 1;
  context.font = '12px system-ui, sans-serif';
  const [cx, cy] = placeOf(scene, 0, 0);
  context.beginPath();
  context.moveTo(0, cy);
  context.lineTo(side, cy);
  if (!line) {
    context.moveTo(cx, 0);
    context.lineTo(cx, side);
  }
  context.stroke();
  // As many numbers as there is room for.
  const every = Math.ceil((2 * reach * 22) / side);
  for (let sd = 1; sd < reach; sd++) {
    const [x] = placeOf(scene, sd, 0);
    if (!line) {
      context.beginPath();
      context.arc(cx, cy, x - cx, 0, 2 * Math.PI);
      context.stroke();
    }
    context.textAlign = 'left';
    if (sd % every === 0 && x < side - 30) context.fillText(String(sd), x + 3, cy + 14);
  }
  context.textAlign = 'right';
  context.fillText(names[0], side - 6, cy - 6);
  context.textAlign = 'left';
  if (!line) context.fillText(names[1], cx + 6, 14);
}

function drawPoints(context: CanvasRenderingContext2D, scene: Scene): void {
  const { frame, points, labels, colors } = scene;
  const radius = Math.max(1.4, frame.side / 220);
  context.globalAlpha = 0.85;
  colors.forEach((color, label) => {
    context.fillStyle = color;
    context.beginPath();
    labels.forEach((own, i) => {
      if (own !== label) return;
      // Points on a line are spread over the room below it, evenly and without order.
      const [x, y] = placeOf(scene, points[2 * i], points[2 * i + 1], 0.15 + 0.8 * ((i * 0.618034) % 1));
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    });
    context.fill();
  });
  context.globalAlpha = 1;
  if (frame.side < NAMED) return;
  context.font = '700 15px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 4;
  context.strokeStyle = colorOf('card');
  context.fillStyle = colorOf('text');
  centres(points, labels, colors.length).forEach((centre, label) => {
    if (centre === undefined) return;
    const [x, y] = placeOf(scene, centre[0], centre[1], 0.55);
    context.strokeText(String(label), x, y);
    context.fillText(String(label), x, y);
  });
  context.textBaseline = 'alphabetic';
}

/** The side from which on there is room for the names of classes. */
const NAMED = 240;

/** The densities of the prior and of the posterior over the line, on one scale. */
function drawDensities(context: CanvasRenderingContext2D, scene: Scene, mean: number, sigma: number): void {
  const { side, reach } = scene.frame;
  const unit = side * Math.min(0.2, 0.55 * sigma);
  const curve = (center: number, sd: number): void => {
    context.beginPath();
    for (let left = 0; left <= side; left++) {
      const t = (fromCanvas(scene.frame, left, 0)[0] - center) / sd;
      const top = side * BASE - (unit / sd) * Math.exp((-t * t) / 2);
      if (left === 0) context.moveTo(left, top);
      else context.lineTo(left, top);
    }
    context.stroke();
  };
  context.lineWidth = 1.5;
  context.strokeStyle = colorOf('edge');
  curve(0, 1);
  context.lineWidth = 2;
  context.strokeStyle = colorOf('text');
  // A peak narrower than a pixel would be missed between two of them.
  curve(mean, Math.max(sigma, reach / side));
}

/** Where codes are drawn, and how many pixels a unit takes there. */
interface Projection {
  readonly place: (x: number, y: number) => readonly [number, number];
  readonly scale: number;
}

/** The posterior as one and two standard deviations around its mean; draws of z, the newest with a line from the mean. */
function drawCloud(context: CanvasRenderingContext2D, scene: Scene, { place, scale }: Projection): void {
  if (scene.inference === null) return;
  const {
    axes: [i, j],
    inference: { mean, logvar },
    draws = [],
  } = scene;
  const [x, y] = place(mean[i], mean[j]);
  context.strokeStyle = colorOf('text');
  context.fillStyle = colorOf('text');
  context.lineWidth = 2;
  if (!isLine(scene)) {
    for (const sd of [1, 2]) {
      const [a, b] = [i, j].map((axis) => Math.max(1, sd * scale * Math.exp(logvar[axis] / 2)));
      context.beginPath();
      context.ellipse(x, y, a, b, 0, 0, 2 * Math.PI);
      context.stroke();
      context.setLineDash([4, 3]);
    }
    context.setLineDash([]);
  }
  context.fillRect(x - 2.5, y - 2.5, 5, 5);
  context.fillStyle = colorOf('second');
  context.strokeStyle = colorOf('second');
  draws.forEach((z, k) => {
    const isNewest = k === draws.length - 1;
    const [left, top] = place(z[i], z[j]);
    context.globalAlpha = isNewest ? 1 : 0.4;
    context.beginPath();
    if (isNewest) {
      context.moveTo(x, y);
      context.lineTo(left, top);
      context.stroke();
      context.beginPath();
    }
    context.arc(left, top, isNewest ? 4.5 : 2.2, 0, 2 * Math.PI);
    context.fill();
  });
  context.globalAlpha = 1;
}

/** Radius of the lens in pixels, and that of an ellipse of two standard deviations in it. */
const LENS = { radius: 34, ellipse: 24 } as const;

/** A lens on the posterior, in the corner farthest from it: its draws would be hidden by the dots that mark them. */
function drawLens(context: CanvasRenderingContext2D, scene: Scene, { mean, logvar }: Posterior): void {
  const { side, reach } = scene.frame;
  const [i, j] = scene.axes;
  const sigma = Math.exp(Math.max(logvar[i], logvar[j]) / 2);
  const [x, y] = placeOf(scene, mean[i], mean[j]);
  const edge = LENS.radius + 4;
  const [cx, cy] = [x, y].map((at) => (at > side / 2 ? edge : side - edge));
  context.strokeStyle = colorOf('edge');
  context.lineWidth = 1;
  context.beginPath();
  context.arc(x, y, Math.max(3, (sigma * side) / reach), 0, 2 * Math.PI);
  context.moveTo(x, y);
  context.lineTo(cx, cy);
  context.stroke();
  context.beginPath();
  context.arc(cx, cy, LENS.radius, 0, 2 * Math.PI);
  context.fillStyle = colorOf('card');
  context.fill();
  context.stroke();
  context.save();
  context.clip();
  const scale = LENS.ellipse / (2 * sigma);
  const place = (left: number, up: number) =>
    [cx + (left - mean[i]) * scale, cy - (up - mean[j]) * scale] as const;
  drawCloud(context, scene, { place, scale });
  context.restore();
}

/** The posterior, as a cloud or as a density, and the draws of z from it. */
function drawPosterior(context: CanvasRenderingContext2D, scene: Scene): void {
  const { inference, frame, axes, draws = [] } = scene;
  if (inference === null) return;
  const [i, j] = axes;
  const scale = frame.side / (2 * frame.reach);
  const sigma = Math.exp(Math.max(inference.logvar[i], inference.logvar[j]) / 2);
  if (isLine(scene)) drawDensities(context, scene, inference.mean[i], sigma);
  const isSmall = draws.length > 0 && 2 * sigma * scale < LENS.ellipse / 2;
  if (isSmall && !isLine(scene)) drawLens(context, scene, inference);
  else drawCloud(context, scene, { place: (x, y) => placeOf(scene, x, y), scale });
}

function drawCode(context: CanvasRenderingContext2D, scene: Scene): void {
  const { axes, code } = scene;
  if (code === undefined) return;
  const [x, y] = placeOf(scene, code[axes[0]], code[axes[1]]);
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
