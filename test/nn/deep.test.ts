import { describe, expect, it } from 'vitest';
import { tensorDataset } from '../../src/data/index.js';
import { backward, Random, registeredOps, scope, square, sum, type Tensor, zeros } from '../../src/index.js';
import { Adam, Dense, Layer, Sequential } from '../../src/nn.js';
import { Trainer, VAE } from '../../src/vae.js';

const stream = () => new Random(1).stream('init');
const depths = [10, 100, 1000] as const;

/** Times that the fields of a layer were looked at. */
let looked = 0;

/** A layer of width 4 that counts what is asked of it. */
class Counted extends Layer {
  readonly dense = new Dense({ inputs: 4, outputs: 4, stream: stream() });

  protected override contents(): object {
    looked++;
    return super.contents();
  }

  override forward(x: Tensor): Tensor {
    return this.dense.forward(x);
  }
}

const deep = (depth: number): Sequential =>
  new Sequential(...Array.from({ length: depth }, () => new Counted()));

/** Applications of ops so far, of whatever kind. */
const opsRun = (): number => registeredOps().reduce((total, { runs }) => total + runs.fast + runs.plain, 0);

/** How much a count grows while `f` runs. */
function growth(count: () => number, f: () => void): number {
  const before = count();
  f();
  return count() - before;
}

/** Expects what is counted at each depth to be a constant and so much for each layer. */
function expectLinear(counts: readonly number[]): void {
  const [few, some, many] = counts;
  expect(some).toBeGreaterThan(few);
  expect((many - some) / 900).toBe((some - few) / 90);
}

describe('a very deep net', () => {
  it.each([
    ['naming', (net: Sequential) => net.namedParameters()],
    ['a copy of the state', (net: Sequential) => net.stateDict()],
    ['a mode for a while', (net: Sequential) => net.evaluating(() => 0)],
    ['a mode', (net: Sequential) => net.eval()],
    ['printing', (net: Sequential) => String(net)],
  ])('is looked at once or twice a layer: %s', (_, f) => {
    const counts = depths.map((depth) => {
      const net = deep(depth);
      return growth(
        () => looked,
        () => f(net),
      );
    });
    expectLinear(counts);
    expect(counts[2]).toBeLessThanOrEqual(2 * 1000);
  });

  it('runs as many ops a layer as a shallow one: forward, backward, update', () => {
    const counts = depths.map((depth) => {
      const net = deep(depth);
      const adam = new Adam(net.namedParameters());
      const step = (): void => scope(() => adam.step(backward(sum(square(net.forward(zeros([2, 4])))))));
      // Programs are traced at their first use.
      step();
      return growth(opsRun, step);
    });
    expectLinear(counts);
  });

  it('has gradients in all of 3,000 layers, one inside another too', () => {
    let nested: Layer = new Counted();
    for (let depth = 0; depth < 3000; depth++) nested = new Sequential(nested);
    expect([...nested.namedParameters().keys()]).toEqual([
      `${'0.'.repeat(3000)}dense.weight`,
      `${'0.'.repeat(3000)}dense.bias`,
    ]);
    expect(nested.evaluating(() => nested.training)).toBe(false);
    const net = deep(3000);
    const found = backward(sum(net.forward(zeros([1, 4]))));
    for (const t of net.namedParameters().values()) expect(found.find(t)?.shape).toEqual(t.shape);
  });

  it('makes a checkpoint that grows with its depth alone, and goes on from it', () => {
    const train = tensorDataset(zeros([4, 6]));
    const trained = (depth: number): Trainer => {
      const vae = new VAE({ features: 6, hidden: Array(depth).fill(4), latent: 2 }, { stream: stream() });
      const trainer = new Trainer(vae, { train, epochs: 2, batchSize: 2 });
      for (const { type } of trainer.run()) if (type === 'epoch') break;
      return trainer;
    };
    const bytes = depths.map((depth) => trained(depth).checkpoint());
    const perLayer = [(bytes[1].length - bytes[0].length) / 90, (bytes[2].length - bytes[1].length) / 900];
    // Names get longer by a digit or two.
    expect(perLayer[1] / perLayer[0]).toBeLessThan(1.05);
    const again = Trainer.resume(bytes[2], 'deep.safetensors', { train });
    expect([...again.run()].at(-1)?.type).toBe('epoch');
    expect(again.history.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });
});
