import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { Axis, Chart } from '../../study/index.js';
import { linearTicks, logTicks } from '../../study/ticks.js';
import { formatNumber } from '../../tensor/format.js';
import { escapeHtml } from '../report/html.js';

const WIDTH = 720;
const HEIGHT = 420;
const LEFT = 76;
const RIGHT = 16;
const TOP = 44;
const BOTTOM = 52;
/** Height of a row of the legend. */
const ROW = 20;
/** Pixels for a letter and for the key in the legend, at 12 pixels. */
const LETTER = 6.6;
const KEY = 48;

/** Distinguishable with colour blindness (Wong, "Color blindness", Nature Methods 2011), and in print by their dashes. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f'];
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '4 2', '1 2', '12 4'];

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #3a3f4a; }
  .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: #dfe2e8; } .ground { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #c9ced8; } .grid { stroke: #31353e; } .ground { fill: #16181d; }
  }`;

/** Lowest and highest value that the axis can show; a single value gets room on both sides. */
function extent(values: readonly number[], log: boolean): [number, number] {
  const shown = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (shown.length === 0) return log ? [1, 10] : [0, 1];
  const low = shown.reduce((min, value) => Math.min(min, value));
  const high = shown.reduce((max, value) => Math.max(max, value));
  if (low < high) return [low, high];
  return log ? [low / 2, high * 2] : [low - 1, high + 1];
}

const ticksOf = (scale: { domain(): number[] }, { log }: Axis): number[] => {
  const [low, high] = scale.domain();
  return (log === true ? logTicks : linearTicks)(low, high);
};

/** A line chart as an SVG file for light and dark backgrounds. */
export function chartSvg({ title, x, y, series }: Chart): string {
  const longest = series.reduce((max, { name }) => Math.max(max, name.length), 1);
  const perRow = Math.max(1, Math.min(3, Math.floor((WIDTH - LEFT - RIGHT) / (longest * LETTER + KEY))));
  const rows = Math.ceil(series.length / perRow);
  const top = TOP + rows * ROW;
  const bottom = HEIGHT + rows * ROW - BOTTOM;
  const scale = (axis: Axis, at: 0 | 1, range: [number, number]) => {
    const values = series.flatMap(({ points }) => points.map((point) => point[at]));
    const made = axis.log ? scaleLog() : scaleLinear();
    const full = made.domain(extent(values, axis.log === true)).range(range);
    // Curves fill the width; the height is rounded up.
    return at === 0 ? full : full.nice();
  };
  const [sx, sy] = [scale(x, 0, [LEFT, WIDTH - RIGHT]), scale(y, 1, [bottom, top])];
  const shown = (point: readonly [number, number]): boolean =>
    [x, y].every((axis, k) => Number.isFinite(point[k]) && (!axis.log || point[k] > 0));
  const path = line<readonly [number, number]>()
    .defined(shown)
    .x((point) => sx(point[0]))
    .y((point) => sy(point[1]))
    .digits(1);

  const grid = [
    ...ticksOf(sy, y).map((tick) => {
      const at = sy(tick).toFixed(1);
      return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/><text x="${LEFT - 8}" y="${at}" dy="4" text-anchor="end">${formatNumber(tick)}</text>`;
    }),
    ...ticksOf(sx, x).map((tick) => {
      const at = sx(tick).toFixed(1);
      return `<line class="grid" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${formatNumber(tick)}</text>`;
    }),
  ];
  const width = (WIDTH - LEFT - RIGHT) / perRow;
  const drawn = series.map(({ name, points, dots }, i) => {
    const color = COLORS[i % COLORS.length];
    const dash = DASHES[i % DASHES.length];
    const [lx, ly] = [LEFT + (i % perRow) * width, TOP + Math.floor(i / perRow) * ROW - 6];
    const stroke = `stroke="${color}" stroke-width="2"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`;
    const marks = points
      .filter((point) => shown(point) && (dots === true || points.length <= 30))
      .map(
        ([px, py]) => `<circle cx="${sx(px).toFixed(1)}" cy="${sy(py).toFixed(1)}" r="3" fill="${color}"/>`,
      );
    const curve = dots === true ? '' : `<path d="${path(points) ?? ''}" fill="none" ${stroke}/>`;
    const key =
      dots === true
        ? `<circle cx="${lx + 12}" cy="${ly}" r="3" fill="${color}"/>`
        : `<line x1="${lx}" x2="${lx + 24}" y1="${ly}" y2="${ly}" ${stroke}/>`;
    return `${curve}${marks.join('')}${key}<text x="${lx + 30}" y="${ly + 4}">${escapeHtml(name)}</text>`;
  });
  const middle = (top + bottom) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT + rows * ROW}" role="img" aria-label="${escapeHtml(title)}">
<style>${STYLE}</style>
<rect class="ground" width="100%" height="100%"/>
<text class="title" x="${LEFT}" y="24">${escapeHtml(title)}</text>
${grid.join('\n')}
${drawn.join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${bottom + 40}" text-anchor="middle">${escapeHtml(x.label)}</text>
<text transform="translate(16 ${middle}) rotate(-90)" text-anchor="middle">${escapeHtml(y.label)}</text>
</svg>
`;
}
