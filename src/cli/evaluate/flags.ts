import { choice, integer, optional, text, toggle, type Values } from '../../nn/schema/index.js';
import { marginalSchema } from '../../vae/marginal/marginal-likelihood.js';
import { offline } from '../command.js';

const { samples, bounds, batchSize } = marginalSchema;

/** The flags of `evaluate`. */
export const evaluateFlags = {
  on: choice(['test', 'train', 'both'], { default: 'test', help: 'part of the data' }),
  limit: optional(integer({ min: 1, help: 'the first n examples of a part' })),
  samples,
  bounds,
  binarize: optional(
    text({
      unit: 'how',
      need: "'gray', 'threshold', 'dynamic', or the path of a file",
      help: 'gray, threshold (1/2), dynamic (by --seed), or a file of binarized images (default: as the run was trained)',
    }),
  ),
  seed: integer({ min: 0, default: 0, help: 'seed for z, and for dynamic binarization' }),
  batchSize,
  offline,
  json: toggle({ help: 'print one JSON object instead of a table' }),
};

export type EvaluateFlags = Values<typeof evaluateFlags>;
