import { isRising, type TrainingSettings } from './options.js';

/** What is looked at of an epoch. */
interface EpochLoss {
  readonly epoch: number;
  readonly train: { readonly loss: number };
  readonly test?: { readonly loss: number };
}

/**
 * Whether the last `patience` epochs brought no loss lower by more than minDelta than the best before them. It is
 * worked out from the history alone, so there is no state to keep. While the weight of the KL still rises, losses
 * do not compare, and epochs do not count.
 */
export function stopsEarly(
  history: readonly EpochLoss[],
  settings: Pick<TrainingSettings, 'earlyStopping' | 'warmupEpochs' | 'warmupCycle'>,
): boolean {
  const { earlyStopping } = settings;
  if (earlyStopping === null) return false;
  let best = Number.POSITIVE_INFINITY;
  let waited = 0;
  for (const { epoch, train, test } of history) {
    if (isRising(epoch, settings)) continue;
    const { loss } = test ?? train;
    if (loss < best - earlyStopping.minDelta) {
      best = loss;
      waited = 0;
    } else waited++;
    if (waited >= earlyStopping.patience) return true;
  }
  return false;
}
