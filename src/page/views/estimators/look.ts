import { type EstimatorName, estimatorWords } from '../../../study/estimators/names.js';
import type { CloudSeries } from '../../ui/cloud-scale.js';

/** How an estimator is drawn. */
export interface Look {
  readonly title: string;
  readonly about: string;
  readonly color: 'accent' | 'second' | 'good';
  readonly mark: CloudSeries['mark'];
  readonly dashed: boolean;
}

/** Blue differentiates through the sample, orange does not; marks and dashes distinguish estimators of one colour. */
const looks: Readonly<Record<EstimatorName, Omit<Look, 'title' | 'about'>>> = {
  pathwise: { color: 'accent', mark: 'disc', dashed: false },
  'pathwise-mc': { color: 'accent', mark: 'square', dashed: true },
  sticking: { color: 'good', mark: 'diamond', dashed: false },
  score: { color: 'second', mark: 'cross', dashed: false },
  'score-baseline': { color: 'second', mark: 'triangle', dashed: true },
};

export const lookOf = (name: EstimatorName): Look => ({ ...estimatorWords[name], ...looks[name] });
