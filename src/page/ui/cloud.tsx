import { useEffect, useRef } from 'preact/hooks';
import { linearTicks } from '../../study/ticks.js';
import { formatNumber } from '../../tensor/format.js';
import type { CloudScale, CloudSeries } from './cloud-scale.js';
import { useWidth } from './hooks.js';
import { isFilled, markPath } from './marks.js';
import { colorOf, theme } from './theme.js';

export interface CloudProps {
  /** Identifies the data: other points under the same titles need another id. */
  readonly id: string;
  readonly series: readonly CloudSeries[];
  readonly scale: CloudScale;
  /** Where all series should be centred. */
  readonly center: { readonly x: number; readonly y: number };
  readonly xLabel: string;
  readonly yLabel: string;
  /** Describes the drawing to a screen reader. */
  readonly label: string;
}

/** About this many ticks on an axis. */
const TICKS = 4;
const RADIUS = 2.1;
/** Room for numbers and labels at the left and below, in CSS pixels. */
const LEFT = 62;
const BELOW = 40;

/** A mark drawn once and stamped for each point. */
function stampOf({ mark, color }: CloudSeries, ratio: number): HTMLCanvasElement {
  const size = Math.ceil(4 * RADIUS * ratio);
  const stamp = document.createElement('canvas');
  stamp.width = size;
  stamp.height = size;
  const context = stamp.getContext('2d');
  if (context === null) return stamp;
  context.translate(size / 2, size / 2);
  context.scale(ratio, ratio);
  const path = new Path2D(markPath(mark, RADIUS));
  context.fillStyle = colorOf(color);
  context.strokeStyle = colorOf(color);
  context.lineWidth = 1.2;
  context.globalAlpha = 0.65;
  if (isFilled(mark)) context.fill(path);
  else context.stroke(path);
  return stamp;
}

/** Positions of values in the drawing, in CSS pixels. */
interface Frame {
  readonly side: number;
  readonly px: (value: number) => number;
  readonly py: (value: number) => number;
}

function drawAxes(
  context: CanvasRenderingContext2D,
  { side, px, py }: Frame,
  { scale, xLabel, yLabel }: CloudProps,
): void {
  context.font = '12px system-ui, sans-serif';
  context.lineWidth = 1;
  context.strokeStyle = colorOf('line');
  context.fillStyle = colorOf('soft');
  context.textAlign = 'center';
  for (const x of linearTicks(scale.x - scale.half, scale.x + scale.half, TICKS)) {
    context.strokeRect(px(x), 0, 0, side);
    context.fillText(formatNumber(x), Math.min(px(x), LEFT + side - 12), side + 16);
  }
  context.textAlign = 'right';
  for (const y of linearTicks(scale.y - scale.half, scale.y + scale.half, TICKS)) {
    context.strokeRect(LEFT, py(y), side, 0);
    context.fillText(formatNumber(y), LEFT - 6, Math.max(py(y) + 4, 10));
  }
  context.textAlign = 'center';
  context.fillText(xLabel, LEFT + side / 2, side + 34);
  context.save();
  context.translate(10, side / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(yLabel, 0, 0);
  context.restore();
  context.strokeStyle = colorOf('edge');
  context.strokeRect(LEFT + 0.5, 0.5, side - 1, side - 1);
}

function drawMeans(
  context: CanvasRenderingContext2D,
  { side, px, py }: Frame,
  { series, center }: CloudProps,
): void {
  context.strokeStyle = colorOf('text');
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(px(center.x), 0);
  context.lineTo(px(center.x), side);
  context.moveTo(LEFT, py(center.y));
  context.lineTo(LEFT + side, py(center.y));
  context.stroke();
  context.setLineDash([]);
  for (const one of series) {
    const { mean } = one;
    if (!Number.isFinite(mean.x + mean.y)) continue;
    context.save();
    context.translate(px(mean.x), py(mean.y));
    const path = new Path2D(markPath(one.mark, 7));
    context.lineWidth = 5;
    context.strokeStyle = colorOf('card');
    context.stroke(path);
    context.lineWidth = 2.5;
    context.strokeStyle = colorOf(one.color);
    context.stroke(path);
    context.restore();
  }
}

/** Milliseconds spent on points in one frame, so that the page stays responsive. */
const FRAME = 6;
/** Points drawn between two readings of the clock. */
const STRIDE = 32;

/**
 * Draws a cloud incrementally: points stay on a layer to which new ones are added; they are redrawn, some in each frame,
 * only when the axes or the series change.
 */
class Painter {
  private readonly layer = document.createElement('canvas');
  private key = '';
  private stamps: HTMLCanvasElement[] = [];
  /** Draws on the layer, by series. */
  private done = 0;
  private frame = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private props: CloudProps,
  ) {}

  show(props: CloudProps): void {
    this.props = props;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }

  private paint(): void {
    const { canvas, layer, props } = this;
    const { scale, series, id } = props;
    const ratio = devicePixelRatio;
    const width = canvas.clientWidth;
    const side = width - LEFT - 1;
    const context = canvas.getContext('2d');
    const points = layer.getContext('2d');
    if (side <= 0 || context === null || points === null) return;
    const frame: Frame = {
      side,
      px: (value) => LEFT + (0.5 + (value - scale.x) / scale.half / 2) * side,
      py: (value) => (0.5 - (value - scale.y) / scale.half / 2) * side,
    };
    const key = JSON.stringify([id, scale, width, ratio, theme.value, series.map(({ name }) => name)]);
    const count = Math.max(0, ...series.map(({ x }) => x.length));
    if (key !== this.key || count < this.done) {
      this.key = key;
      this.done = 0;
      this.stamps = series.map((one) => stampOf(one, ratio));
      for (const one of [canvas, layer]) {
        one.width = Math.round(width * ratio);
        one.height = Math.round((side + BELOW) * ratio);
      }
    }
    this.addPoints(points, frame, ratio, count);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, side + BELOW);
    drawAxes(context, frame, props);
    context.save();
    context.beginPath();
    context.rect(LEFT, 0, side, side);
    context.clip();
    context.drawImage(layer, 0, 0, width, side + BELOW);
    drawMeans(context, frame, props);
    context.restore();
    if (this.done < count) this.frame = requestAnimationFrame(() => this.paint());
  }

  /** Draws as many points as fit into this frame. */
  private addPoints(
    context: CanvasRenderingContext2D,
    { px, py }: Frame,
    ratio: number,
    count: number,
  ): void {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const until = performance.now() + FRAME;
    for (; this.done < count; this.done++) {
      if (this.done % STRIDE === 0 && performance.now() > until) return;
      this.props.series.forEach(({ x, y }, s) => {
        if (this.done >= x.length) return;
        const stamp = this.stamps[s];
        const size = stamp.width / ratio;
        context.drawImage(stamp, px(x[this.done]) - size / 2, py(y[this.done]) - size / 2, size, size);
      });
    }
  }
}

/** Points of several series in a square; a large mark at the mean of each, and dashed lines through the centre. */
export function Cloud(props: CloudProps) {
  const root = useRef<HTMLCanvasElement>(null);
  const painter = useRef<Painter | null>(null);
  const colors = theme.value;
  const show = (): void => {
    if (root.current !== null) painter.current ??= new Painter(root.current, props);
    painter.current?.show(props);
  };
  useEffect(show, [props, colors]);
  useWidth(root, show);
  useEffect(() => () => painter.current?.stop(), []);
  return <canvas ref={root} class="cloud" role="img" aria-label={props.label} />;
}
