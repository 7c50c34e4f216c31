import { useMemo } from 'preact/hooks';
import { type EstimatorName, estimatorNames } from '../../../study/estimators/names.js';
import { formatNumber } from '../../../tensor/format.js';
import { setParam } from '../../state/app.js';
import { Cloud } from '../../ui/cloud.js';
import { type CloudSeries, meanOf, outsideOf, scaleFor } from '../../ui/cloud-scale.js';
import { type Choices, coordinateTitle, indicesOf } from './choices.js';
import { lookOf } from './look.js';
import type { Comparison } from './run.js';

/** The widest first, so that narrow ones are drawn on top. */
const ORDER: readonly EstimatorName[] = ['score', 'score-baseline', 'pathwise-mc', 'sticking', 'pathwise'];

function seriesOf({ about, estimates }: Comparison, { x, y, of, shown }: Choices): CloudSeries[] {
  const [xs, ys] = [indicesOf(x, of, about), indicesOf(y, of, about)];
  return ORDER.filter((name) => shown.has(name)).map((name) => {
    const { title, color, mark } = lookOf(name);
    const own = estimates.get(name);
    const [across, up] = [xs, ys].map((indices) => own?.at(indices) ?? new Float32Array(0));
    return { name, title, color, mark, x: across, y: up, mean: { x: meanOf(across), y: meanOf(up) } };
  });
}

const sumAt = (values: Float32Array | null, indices: readonly number[]): number =>
  indices.reduce((total, index) => total + (values?.[index] ?? 0), 0);

/** The mean of each cloud, in words. */
const describe = (series: readonly CloudSeries[]): string =>
  series
    .map(
      ({ title, x, mean }) =>
        `${title}: ${x.length} points, mean ${formatNumber(mean.x)}, ${formatNumber(mean.y)}`,
    )
    .join('; ');

/** Two views of the clouds: all of them, and a close-up of the narrow ones. */
export function Clouds({
  comparison,
  choices,
}: {
  readonly comparison: Comparison;
  readonly choices: Choices;
}) {
  const { about, reference, done } = comparison;
  const { x, y, of, zoom, shown } = choices;
  const which = [...shown].join();
  const series = useMemo(
    () => seriesOf(comparison, choices),
    // The estimates grow in place; `done` changes with them.
    [about.id, done, x.part, x.dimension, y.part, y.dimension, of, which],
  );
  const center = {
    x: sumAt(reference, indicesOf(x, of, about)),
    y: sumAt(reference, indicesOf(y, of, about)),
  };
  const close = series.filter(({ name }) => name === zoom);
  const scales = [scaleFor(series, center), scaleFor(close.length > 0 ? close : series, center)];
  const where = of === 'all' ? 'summed over the batch' : `of example ${of + 1}`;
  const [xLabel, yLabel] = [`${coordinateTitle(x)} ${where}`, `${coordinateTitle(y)} ${where}`];
  const lost = series.reduce((count, one) => count + outsideOf(one, scales[1]), 0);
  return (
    <div class="cards clouds">
      {scales.map((scale, k) => (
        <figure class="card" key={k === 0 ? 'all' : 'close'}>
          <figcaption>
            {k === 0 ? 'One gradient estimate a draw' : 'The same, closer'}{' '}
            <small>
              {k === 0 ? `${done} draws, each seen by every estimator` : `${lost} points are outside`}
            </small>
          </figcaption>
          <Cloud
            id={`${about.id} ${xLabel} ${yLabel}`}
            series={series}
            scale={scale}
            center={center}
            xLabel={xLabel}
            yLabel={yLabel}
            label={`${k === 0 ? 'Clouds' : 'Clouds, closer'}: ${xLabel} against ${yLabel}. The reference is at ${formatNumber(center.x)}, ${formatNumber(center.y)}. ${describe(series)}.`}
          />
          {k === 1 && (
            <div class="field inline">
              <label for="estimators-zoom">fitted to</label>
              <select
                id="estimators-zoom"
                value={zoom}
                onChange={({ currentTarget }) => setParam('zoom', currentTarget.value)}
              >
                {estimatorNames.map((name) => (
                  <option key={name} value={name}>
                    {lookOf(name).title}
                  </option>
                ))}
              </select>
            </div>
          )}
        </figure>
      ))}
    </div>
  );
}
