import { createOp, mul } from '../../../src/autograd/index.js';
import { normal, uniform } from '../../../src/tensor/create.js';
import { map1 } from '../../../src/tensor/kernels/elementwise.js';
import { Random } from '../../../src/tensor/random/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import type { VAEConfig } from '../../../src/vae/config.js';
import { VAE } from '../../../src/vae/vae.js';

const SMALL = { features: 6, hidden: [5], latent: 2, activation: 'tanh' } as const;

/** A small model in float64, with a batch and noise. */
export function smallPoint({
  config = {},
  batch = 3,
  seed = 0,
  Model = VAE,
}: {
  config?: Partial<VAEConfig>;
  batch?: number;
  seed?: number;
  Model?: typeof VAE;
} = {}): { vae: VAE; x: Tensor; epsilon: Tensor } {
  const dtype = 'float64';
  const random = new Random(seed);
  const vae = new Model({ ...SMALL, ...config }, { stream: random.stream('init'), dtype });
  const x = uniform([batch, vae.features], random.stream('data'), { dtype });
  const epsilon = normal([batch, vae.latent], random.stream('epsilon'), { dtype });
  return { vae, x, epsilon };
}

/** x -> x, with a derivative that is not 1. */
const brokenBy = (factor: number) =>
  createOp<1>({
    name: 'broken identity',
    doc: 'x.',
    arity: 1,
    shape: ([x]) => x,
    forward: map1((x) => x),
    saves: [],
    vjp: [(g) => mul(g, factor)],
    domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
  });

/** A VAE whose decoder hands back a wrong gradient to z. */
export function brokenModel(factor: number): typeof VAE {
  const broken = brokenBy(factor);
  return class extends VAE {
    override decode(z: Tensor): Tensor {
      return super.decode(broken(z));
    }
  };
}
