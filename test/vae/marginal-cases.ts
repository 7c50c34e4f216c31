import { type Dataset, tensorDataset } from '../../src/data/dataset.js';
import { Random } from '../../src/index.js';
import { Tensor } from '../../src/tensor/tensor.js';
import { likelihoods } from '../../src/vae/likelihoods/likelihood.js';
import { registerBuiltInParts } from '../../src/vae/parts/built-in.js';
import { conditions } from '../../src/vae/parts/condition.js';
import { posteriors } from '../../src/vae/parts/posterior.js';
import { priors } from '../../src/vae/parts/prior.js';
import type { Registry } from '../../src/vae/parts/registry.js';
import { bernoulliLikelihood, gaussianPosterior, label, mlp, VAE } from '../../src/vae.js';

const [FEATURES, LATENT, EXAMPLES] = [3, 2, 4];

type Case = [name: string, vae: VAE, data: Dataset];

/** Each part of a kind, in a model of ordinary other parts, with data that it takes. */
function casesOf<Context, Part extends object>({ kind, definitions }: Registry<Context, Part>): Case[] {
  return definitions.map(({ name, examples, fits }) => {
    const [settings = {}] = examples?.(LATENT, FEATURES) ?? [];
    const classes = kind === 'condition' ? 1 : 3;
    const parts = {
      encoder: mlp(FEATURES, [4]),
      decoder: mlp(LATENT, [4]),
      posterior: gaussianPosterior({ latent: LATENT }),
      likelihood: bernoulliLikelihood(),
      condition: fits?.({ isConditional: false }) === false ? label({ classes }) : null,
      [kind]: { name, ...settings },
    };
    const vae = new VAE(parts, { stream: new Random(2).stream('init'), dtype: 'float64' });
    // 0 and 1 are taken by every likelihood.
    const bits = new Random(1).stream('x').bernoulli(new Float64Array(EXAMPLES * FEATURES), 0.5);
    const labels = Uint8Array.from({ length: EXAMPLES }, (_, i) => i % classes);
    return [`${kind} ${name}`, vae, tensorDataset(new Tensor(bits, [EXAMPLES, FEATURES]), { labels })];
  });
}

/** Every registered posterior, prior, likelihood and condition. */
export function marginalCases(): Case[] {
  registerBuiltInParts();
  return [...casesOf(posteriors), ...casesOf(priors), ...casesOf(likelihoods), ...casesOf(conditions)];
}
