import { histogramOf } from './histogram-data.js';
import { typesetNumber } from './number.js';

export interface HistogramProps {
  readonly title: string;
  readonly values: ArrayLike<number>;
  /** A number to mark. */
  readonly mark?: number;
  readonly bins?: number;
}

const WIDTH = 320;
const HEIGHT = 84;

/** The distribution of the numbers of a tensor. */
export function Histogram({ title, values, mark, bins = 40 }: HistogramProps) {
  const { low, high, mean, odd, counts } = histogramOf(values, bins);
  const max = Math.max(1, ...counts);
  const bar = WIDTH / bins;
  const isMarked = mark !== undefined && Number.isFinite(mark) && high > low;
  const at = isMarked ? ((mark - low) / (high - low)) * WIDTH : 0;
  const said = `${values.length} number${values.length === 1 ? '' : 's'} from ${typesetNumber(low)} to ${typesetNumber(high)}, mean ${typesetNumber(mean)}`;
  return (
    <figure class="histogram">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Histogram of ${said}`}>
        {counts.map((count, i) => {
          // Even a bin with one number in a hundred thousand is visible.
          const height = count === 0 ? 0 : Math.max(1, (count / max) * (HEIGHT - 2));
          return <rect key={i} class="bar" x={i * bar} y={HEIGHT - height} width={bar - 1} height={height} />;
        })}
        <line class="base" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {isMarked && <line class="mark" x1={at} x2={at} y1="0" y2={HEIGHT} />}
      </svg>
      <p class="scale small soft">
        <span>{typesetNumber(low)}</span>
        <span>mean {typesetNumber(mean)}</span>
        <span>{typesetNumber(high)}</span>
      </p>
      {odd > 0 && <p class="small">{odd} not finite</p>}
    </figure>
  );
}
