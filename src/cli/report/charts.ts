import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { formatNats } from '../../tensor/format.js';
import type { EpochMetrics } from '../../vae/index.js';
import { escapeHtml, scriptJson } from './html.js';

/** One panel of curves over the epochs. */
interface Chart {
  readonly id: string;
  readonly title: string;
  readonly train: readonly number[];
  readonly test: readonly (number | null)[];
}

const require = createRequire(import.meta.url);

/** A file of uPlot, to include in the page. */
const vendor = (file: string): string => readFileSync(require.resolve(`uplot/dist/${file}`), 'utf8');

export const chartStyle = (): string => vendor('uPlot.min.css');

/** Draws the panels in the browser: colours from the page's theme, widths from the window. */
const DRAW = `
(() => {
  const { epochs, charts } = JSON.parse(document.getElementById('curves').textContent);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const plots = [];
  const draw = () => {
    for (const plot of plots.splice(0)) plot.destroy();
    const font = '12px system-ui, sans-serif';
    for (const { id, train, test } of charts) {
      const element = document.getElementById(id);
      const reading = element.parentElement.querySelector('.reading');
      const axis = { stroke: css('--soft'), font, grid: { stroke: css('--line'), width: 1 }, ticks: { show: false } };
      const few = epochs.length <= 30;
      const line = (color, dash) => ({ stroke: color, width: 2, dash, points: { show: few, size: 6, fill: css('--card'), stroke: color, dash: [] } });
      plots.push(new uPlot({
        width: element.clientWidth, height: 210,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false } },
        scales: { x: { time: false, range: (u, low, high) => low === high ? [low - 1, high + 1] : [low, high] } },
        axes: [
          { ...axis, size: 30, space: 40, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], values: (u, at) => at.map((v) => v < 1 ? '' : v) },
          { ...axis, size: 46, values: (u, at) => at.map((v) => String(Number(v.toPrecision(6)))) },
        ],
        series: [{}, line(css('--second'), [5, 4]), line(css('--accent'))],
        hooks: { setCursor: [(u) => {
          const i = u.cursor.idx;
          const at = i === null || i === undefined ? epochs.length - 1 : i;
          const show = (v) => v === null ? '–' : v.toFixed(2);
          reading.textContent = 'epoch ' + epochs[at] + ': ' + show(train[at]) + ' / ' + show(test[at]);
        }] },
      }, [epochs, train, test], element));
    }
  };
  draw();
  dark.addEventListener('change', draw);
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    for (const plot of plots) plot.setSize({ width: plot.root.parentElement.clientWidth, height: 210 });
  });
})();
`;

function chartsOf(history: readonly EpochMetrics[], term: string): Chart[] {
  const curve = (id: string, title: string, of: 'loss' | 'reconstruction' | 'kl'): Chart => ({
    id,
    title,
    train: history.map(({ train }) => train[of]),
    test: history.map(({ test }) => test?.[of] ?? null),
  });
  return [
    curve('loss', 'Loss', 'loss'),
    curve('reconstruction', `Reconstruction: ${term}`, 'reconstruction'),
    curve('kl', 'KL from the prior', 'kl'),
  ];
}

/** Loss, reconstruction and KL over the epochs, with the library that draws them. */
export function lossCurves(history: readonly EpochMetrics[], term: string): string {
  const charts = chartsOf(history, term);
  const last = history[history.length - 1];
  const legend = (train: number, test: number | null | undefined): string =>
    `<div class="legend"><span class="train"><i></i>train</span><span class="test"><i></i>test</span>` +
    `<span class="reading">epoch ${last.epoch}: ${formatNats(train)} / ${test == null ? '–' : formatNats(test)}</span></div>`;
  const panels = charts.map(
    ({ id, title, train, test }) =>
      `<div class="card"><h3>${escapeHtml(title)}</h3><div class="chart" id="${id}"></div>${legend(train[train.length - 1], test[test.length - 1])}</div>`,
  );
  const data = scriptJson({
    epochs: history.map(({ epoch }) => epoch),
    charts: charts.map(({ id, train, test }) => ({ id, train, test })),
  });
  return `<div class="charts">${panels.join('\n')}</div>
<script type="application/json" id="curves">${data}</script>
<script>/*
${vendor('../LICENSE')}*/
${vendor('uPlot.iife.min.js')}</script>
<script>${DRAW}</script>`;
}
