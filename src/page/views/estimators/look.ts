import { type EstimatorName, estimatorWords } from '../../../study/estimators/names.js';
import type { CloudSeries } from '../../ui/cloud-scale.js';

/** Blue differentiates through the sample, orange does not; marks and dashes distinguish estimators of one colour. */
const looks = {
  pathwise: { color: 'accent', mark: 'disc', dashed: false },
  'pathwise-mc': { color: 'accent', mark: 'square', dashed: true },
  sticking: { color: 'good', mark: 'diamond', dashed: false },
  score: { color: 'second', mark: 'cross', dashed: false },
  'score-baseline': { color: 'second', mark: 'triangle', dashed: true },
} as const satisfies Readonly<
  Record<EstimatorName, Pick<CloudSeries, 'color' | 'mark'> & { dashed: boolean }>
>;

/** An estimator's title, what it is, and how it is drawn. */
export const lookOf = (name: EstimatorName) => ({ ...estimatorWords[name], ...looks[name] });
