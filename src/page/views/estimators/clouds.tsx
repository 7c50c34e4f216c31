import { useMemo } from 'preact/hooks';
import { type EstimatorName, estimatorNames } from '../../../study/estimators/names.js';
import { formatNumber } from '../../../tensor/format.js';
import { Cloud } from '../../ui/cloud.js';
import { type CloudSeries, meanOf, outsideOf, scaleFor } from '../../ui/cloud-scale.js';
import { Select } from '../../ui/fields.js';
import { type Choices, coordinateTitle, indicesOf } from './choices.js';
import { type Comparison, params, sumsOf } from './comparison.js';
import { lookOf } from './look.js';

/** The widest first, so that narrow ones are drawn on top. */
const ORDER: readonly EstimatorName[] = ['score', 'score-baseline', 'pathwise-mc', 'sticking', 'pathwise'];

function seriesOf(comparison: Comparison, { x, y, of, shown }: Choices): CloudSeries[] {
  const places = [x, y].map((coordinate) => indicesOf(coordinate, of, comparison.about));
  return ORDER.filter((name) => shown.has(name)).map((name) => {
    const { title, color, mark } = lookOf(name);
    const [across, up] = places.map((indices) => sumsOf(comparison, name, indices));
    return { name, title, color, mark, x: across, y: up, mean: { x: meanOf(across), y: meanOf(up) } };
  });
}

const sumAt = (values: Float32Array | undefined, indices: readonly number[]): number =>
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
  const { about, last, done } = comparison;
  const { x, y, of, zoom, show } = choices;
  const which = show.join();
  const series = useMemo(
    () => seriesOf(comparison, choices),
    // The estimates are those of `done` draws.
    [about.id, done, x.part, x.dimension, y.part, y.dimension, of, which],
  );
  const center = {
    x: sumAt(last?.reference, indicesOf(x, of, about)),
    y: sumAt(last?.reference, indicesOf(y, of, about)),
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
            {k === 0 ? 'One gradient estimate per draw' : 'The same, closer'}{' '}
            <small>
              {k === 0 ? `${done} draws, the same for every estimator` : `${lost} points are outside`}
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
            <Select
              class="field inline"
              label="fitted to"
              value={zoom}
              options={estimatorNames.map((name) => [name, lookOf(name).title])}
              onChoose={(name) => params.set({ zoom: name })}
            />
          )}
        </figure>
      ))}
    </div>
  );
}
