import { useEffect, useRef } from 'preact/hooks';
import { type CloudScale, type CloudSeries, meanOf, ticksBetween } from './cloud-scale.js';
import { brief } from './curve-data.js';
import { isFilled, markPath } from './marks.js';
import { colorOf, theme } from './theme.js';

export interface CloudProps {
  readonly series: readonly CloudSeries[];
  readonly scale: CloudScale;
  /** Where all kinds should have their middle. */
  readonly center: { readonly x: number; readonly y: number };
  readonly xLabel: string;
  readonly yLabel: string;
  /** What there is to see, for those who do not see it. */
  readonly label: string;
}

const RADIUS = 2.1;
/** Room for numbers and names at the left and below, in CSS pixels. */
const LEFT = 62;
const BELOW = 40;

/** A mark drawn once, to be stamped. */
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

/** Where values stand in the drawing, in CSS pixels. */
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
  for (const x of ticksBetween(scale.x - scale.half, scale.x + scale.half)) {
    context.strokeRect(px(x), 0, 0, side);
    context.fillText(brief(x), Math.min(px(x), LEFT + side - 12), side + 16);
  }
  context.textAlign = 'right';
  for (const y of ticksBetween(scale.y - scale.half, scale.y + scale.half)) {
    context.strokeRect(LEFT, py(y), side, 0);
    context.fillText(brief(y), LEFT - 6, Math.max(py(y) + 4, 10));
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
    const mean = meanOf(one);
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

function draw(canvas: HTMLCanvasElement, props: CloudProps): void {
  const ratio = devicePixelRatio;
  const width = canvas.clientWidth;
  const side = width - LEFT - 1;
  if (side <= 0) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round((side + BELOW) * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  const { scale, series } = props;
  const frame: Frame = {
    side,
    px: (value) => LEFT + (0.5 + (value - scale.x) / scale.half / 2) * side,
    py: (value) => (0.5 - (value - scale.y) / scale.half / 2) * side,
  };
  drawAxes(context, frame, props);
  context.save();
  context.beginPath();
  context.rect(LEFT, 0, side, side);
  context.clip();
  for (const one of series) {
    const stamp = stampOf(one, ratio);
    const size = stamp.width / ratio;
    for (let i = 0; i < one.x.length; i++) {
      const [x, y] = [frame.px(one.x[i]), frame.py(one.y[i])];
      context.drawImage(stamp, x - size / 2, y - size / 2, size, size);
    }
  }
  drawMeans(context, frame, props);
  context.restore();
}

/** Points of several kinds in a square, later kinds above earlier ones; a large mark at the mean of each, and dashed lines through the centre. */
export function Cloud(props: CloudProps) {
  const place = useRef<HTMLCanvasElement>(null);
  const newest = useRef(props);
  newest.current = props;
  const colors = theme.value;
  useEffect(() => {
    const canvas = place.current;
    if (canvas === null) return;
    const observer = new ResizeObserver(() => draw(canvas, newest.current));
    observer.observe(canvas);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (place.current !== null) draw(place.current, props);
  }, [props, colors]);
  return <canvas ref={place} class="cloud" role="img" aria-label={props.label} />;
}
