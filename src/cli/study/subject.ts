import { Random } from '../../autograd/ops/random.js';
import { imageDataset, type LabeledDataset } from '../../data/dataset.js';
import { drawGlyphs } from '../../data/glyphs/index.js';
import { GLYPH_SPLIT } from '../../data/glyphs/split.js';
import { integer, type Values } from '../../nn/schema/index.js';
import { normal } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Trainer, VAE } from '../../vae/index.js';
import { offline } from '../command.js';
import { UsageError } from '../errors.js';
import { openRun } from '../run/open.js';

/** Flags of every study that looks at a model. @param batch the usual number of examples */
export const subjectFlags = (batch: number) => ({
  batch: integer({ min: 1, max: 10_000, default: batch, help: 'examples' }),
  seed: integer({ min: 0, default: 0, help: 'seed for the small model and all noise' }),
  offline,
});
export type SubjectFlags = Values<ReturnType<typeof subjectFlags>>;

/** The subject of a study: a model and examples it was not trained on. */
export interface Subject {
  /** The origin of the model, for titles. */
  readonly title: string;
  readonly vae: VAE;
  readonly test: LabeledDataset;
}

/** The model trained by the command: small, so that a study takes seconds. */
const SMALL = { hidden: [64], latent: 2, likelihood: 'gaussian' } as const;
const SMALL_TRAIN = 2000;
const SMALL_TEST = 500;
const SMALL_EPOCHS = 4;

/** The argument of studies that look at a model. */
export const RUN_OR_SMALL = [
  '[run]',
  'a run folder; without one, a small model is trained on drawn digits first',
] as const;

/** The small model before its training, with its data. */
export function smallTraining(seed: number, epochs: number = SMALL_EPOCHS, beta = 1): Trainer {
  const train = imageDataset(drawGlyphs({ count: SMALL_TRAIN, seed }));
  const vae = new VAE({ features: train.features, ...SMALL }, { stream: new Random(seed).stream('init') });
  return new Trainer(vae, { train, epochs, seed, beta });
}

/** The small model at the current state of its training, with test examples. */
export function smallSubject(trainer: Trainer, seed: number): Subject {
  const test = drawGlyphs({ count: SMALL_TEST, seed, start: GLYPH_SPLIT.train });
  return {
    title: `a small VAE (${trainer.vae.features}-${SMALL.hidden}-${SMALL.latent}) after ${trainer.epoch} epochs of ${SMALL_TRAIN} drawn digits`,
    vae: trainer.vae,
    test: imageDataset(test),
  };
}

/** The model of a run, or a small one trained now. @throws UsageError when there are fewer test examples than requested. */
export async function openSubject(path: string | undefined, flags: SubjectFlags): Promise<Subject> {
  let subject: Subject;
  if (path === undefined) {
    const trainer = smallTraining(flags.seed);
    for (const _ of trainer.run());
    subject = smallSubject(trainer, flags.seed);
  } else {
    const { run, vae, test } = await openRun(path, flags.offline);
    checkPlain(vae, run.path);
    subject = { title: run.path, vae, test };
  }
  checkBatch(subject, flags);
  return subject;
}

/** @throws UsageError for a model whose terms are not those that the studies take apart. */
function checkPlain({ posterior, prior, condition }: VAE, run: string): void {
  if (posterior.diagonal && prior.name === 'standard-normal' && condition === null) return;
  const parts = [
    `posterior ${posterior.name}`,
    `prior ${prior.name}`,
    condition && `condition ${condition.name}`,
  ];
  throw new UsageError(
    `${run} has the parts ${parts.filter(Boolean).join(', ')}; studies take apart a diagonal Gaussian posterior, ` +
      'a standard normal prior and no condition: give such a run, or none',
  );
}

/** The noise of `batch` examples in a stream of its own, [batch, latent]. */
export const epsilonFor = ({ latent, dtype }: VAE, { batch, seed }: SubjectFlags): Tensor =>
  normal([batch, latent], new Random(seed).stream('epsilon'), { dtype });

/** @throws UsageError when there are fewer test examples than requested. */
export function checkBatch({ test }: Subject, { batch }: Pick<SubjectFlags, 'batch'>): void {
  if (batch <= test.size) return;
  throw new UsageError(`--batch ${batch}: there are ${test.size} test examples; give at most as many`);
}
