import { describe, expect, it } from 'vitest';
import { tensorDataset } from '../../../src/data/index.js';
import { add, normal, Random, reshape, type Tensor, tensor, uniform } from '../../../src/index.js';
import {
  accuracy,
  BatchNorm2d,
  Conv2d,
  crossEntropy,
  Dense,
  Dropout,
  Dropout2d,
  Flatten,
  Module,
  ReLU,
  Reshape,
  Sequential,
  SGD,
  squaredError,
} from '../../../src/nn.js';
import { fit as fitModel, readCheckpoint, Trainer } from '../../../src/vae.js';
import { bars, smallVae } from './bars.js';

/** Points in the plane, of the class that their angle falls into; an example is [1, 2]. */
function points(size: number, seed: number) {
  const x = normal([size, 1, 2], new Random(seed).stream('data'));
  const labels = Uint8Array.from({ length: size }, (_, i) => {
    const angle = Math.atan2(x.at(i, 0, 0), x.at(i, 0, 1));
    return angle < -1 ? 0 : angle < 1 ? 1 : 2;
  });
  return tensorDataset(x, { labels });
}

class Classifier extends Module {
  readonly hidden: Dense;
  readonly drop: Dropout;
  readonly out: Dense;

  constructor(seed = 1) {
    super();
    const stream = new Random(seed).stream('init');
    this.hidden = new Dense({ inputs: 2, outputs: 16, stream });
    this.drop = new Dropout({ rate: 0.2, stream: new Random(5).stream('dropout') });
    this.out = new Dense({ inputs: 16, outputs: 3, stream });
  }

  forward(x: Tensor): Tensor {
    const flat = reshape(x, { shape: [-1, 2] });
    return this.out.forward(this.drop.forward(this.hidden.forward(flat, 'relu')));
  }
}

const classifying = (model: Classifier) => ({
  train: points(50, 1),
  test: points(20, 2),
  loss: ({ x, labels }: { x: Tensor; labels?: Int32Array }) => {
    const logits = model.forward(x);
    const classes = labels ?? expect.unreachable();
    return { loss: crossEntropy(logits, classes), accuracy: tensor(accuracy(logits, classes)) };
  },
  optimizer: (parameters: ReadonlyMap<string, Tensor>, learningRate: number) =>
    new SGD(parameters, { learningRate, momentum: 0.9 }),
});

class Autoencoder extends Module {
  readonly encoder: Dense;
  readonly decoder: Dense;

  constructor(seed = 1) {
    super();
    const stream = new Random(seed).stream('init');
    this.encoder = new Dense({ inputs: 6, outputs: 3, stream });
    this.decoder = new Dense({ inputs: 3, outputs: 6, stream });
  }
}

/** A denoising autoencoder, by Adam. */
const denoising = (model: Autoencoder) => ({
  train: tensorDataset(uniform([30, 6], new Random(3).stream('data'))),
  test: tensorDataset(uniform([10, 6], new Random(4).stream('data'))),
  loss: ({ x }: { x: Tensor }, noise: Parameters<typeof normal>[1]) => {
    const noisy = add(x, normal(x.shape, noise, { std: 0.1 }));
    return { loss: squaredError(model.decoder.forward(model.encoder.forward(noisy, 'relu')), x) };
  },
});

/** Convolutions with running statistics, which must come from the file too. */
class Convolutional extends Module {
  readonly layers: Sequential;

  constructor(seed = 1) {
    super();
    const stream = new Random(seed).stream('init');
    this.layers = new Sequential(
      new Reshape([1, 2, 3]),
      new Conv2d({ inputs: 1, outputs: 4, kernel: 2, padding: 'same', stream }),
      new BatchNorm2d({ channels: 4 }),
      new ReLU(),
      new Dropout2d({ rate: 0.1, stream: new Random(6).stream('dropout') }),
      new Flatten(),
      new Dense({ inputs: 24, outputs: 6, stream }),
    );
  }
}

const restoring = (model: Convolutional) => ({
  train: tensorDataset(uniform([30, 6], new Random(3).stream('data'))),
  test: tensorDataset(uniform([10, 6], new Random(4).stream('data'))),
  loss: ({ x }: { x: Tensor }) => ({ loss: squaredError(model.layers.forward(x), x) }),
});

/** Every model with how it is trained. */
const cases = {
  classifier: {
    make: (seed?: number) => new Classifier(seed),
    train: (model: Module, more: object) =>
      new Trainer(model, { ...classifying(model as Classifier), epochs: 4, batchSize: 16, ...more }),
    resume: (bytes: Uint8Array, model: Module) =>
      Trainer.resume(bytes, 'c', { model, ...classifying(model as Classifier) }),
  },
  autoencoder: {
    make: (seed?: number) => new Autoencoder(seed),
    train: (model: Module, more: object) =>
      new Trainer(model, { ...denoising(model as Autoencoder), epochs: 4, batchSize: 16, ...more }),
    resume: (bytes: Uint8Array, model: Module) =>
      Trainer.resume(bytes, 'c', { model, ...denoising(model as Autoencoder) }),
  },
  'convolutional autoencoder': {
    make: (seed?: number) => new Convolutional(seed),
    train: (model: Module, more: object) =>
      new Trainer(model, { ...restoring(model as Convolutional), epochs: 4, batchSize: 16, ...more }),
    resume: (bytes: Uint8Array, model: Module) =>
      Trainer.resume(bytes, 'c', { model, ...restoring(model as Convolutional) }),
  },
};

describe.each(Object.entries(cases))('a %s', (_, { make, train, resume }) => {
  const timeless = (history: readonly { readonly seconds: number }[]) =>
    history.map(({ seconds: _, ...rest }) => rest);

  it('learns, and resumes bit for bit from any event', () => {
    const settings = { learningRate: 0.02, clipNorm: 5 };
    const whole = train(make(), settings);
    const events = [...whole.run()];
    expect(whole.finished).toBe('done');
    const [first, last] = [whole.history[0], whole.history[3]];
    expect(last.train.loss).toBeLessThan(first.train.loss);
    expect(last.test?.loss).toBeLessThan(first.test?.loss ?? 0);
    for (let stop = 1; stop <= events.length; stop++) {
      const half = train(make(), settings);
      const run = half.run();
      for (let i = 0; i < stop; i++) run.next();
      // Parameters, and where dropout is in its stream, come from the file, whatever the model had.
      const resumed = resume(half.checkpoint(), make(7));
      for (const _ of resumed.run());
      expect(resumed.model.stateDict()).toEqual(whole.model.stateDict());
      expect(timeless(resumed.history)).toEqual(timeless(whole.history));
    }
  });
});

describe('a model that is no VAE', () => {
  const trained = () => {
    const model = new Classifier();
    const trainer = new Trainer(model, { ...classifying(model), epochs: 1, batchSize: 16 });
    for (const _ of trainer.run());
    return trainer;
  };

  it('names a running statistic that is not finite', () => {
    const model = new Convolutional();
    const trainer = new Trainer(model, { ...restoring(model), epochs: 1, batchSize: 16 });
    const run = trainer.run();
    run.next();
    model.namedBuffers().get('layers.2.running_var')?.data.fill(Number.POSITIVE_INFINITY);
    expect(() => [...run]).toThrow(/the buffer 'layers.2.running_var' is not finite/);
  });

  it('reports the terms that its loss gives', async () => {
    const model = new Classifier();
    const trainer = new Trainer(model, {
      ...classifying(model),
      epochs: 2,
      batchSize: 16,
      learningRate: 0.05,
    });
    const seen: number[] = [];
    const { history } = await fitModel(trainer, { onStep: ({ accuracy }) => void seen.push(accuracy) });
    expect(seen).toHaveLength(8);
    expect(Object.keys(history[1].train)).toEqual(['loss', 'accuracy']);
    expect(history[1].test?.accuracy).toBeGreaterThan(0.3);
    const [sum] = [seen.slice(0, 4).reduce((total, value, i) => total + value * (i === 3 ? 2 : 16), 0)];
    expect(history[0].train.accuracy).toBeCloseTo(sum / 50, 12);
  });

  it('is evaluated in evaluation mode, and trained in training mode', () => {
    const trainer = trained();
    const modes: boolean[] = [];
    const model = new Classifier();
    const { loss, ...rest } = classifying(model);
    const watched = new Trainer(model, {
      ...rest,
      epochs: 1,
      batchSize: 50,
      loss: (batch) => {
        modes.push(model.drop.training);
        return loss(batch);
      },
    });
    for (const _ of watched.run());
    expect(modes).toEqual([true, false]);
    expect(trainer.model.training).toBe(true);
  });

  it('keeps what no file can make: the model, its loss and its optimiser are given again', () => {
    const bytes = trained().checkpoint();
    const model = new Classifier();
    const { optimizer: _, ...without } = classifying(model);
    expect(() => readCheckpoint(bytes, 'run')).toThrow(
      /run: config.class is "Classifier"; expected a VAE; .*model, loss/,
    );
    expect(() => Trainer.resume(bytes, 'run', { model, ...without })).toThrow(
      /trained with SGD, .*give the same optimizer/,
    );
    const other = new Autoencoder();
    expect(() => Trainer.resume(bytes, 'run', { model: other, ...denoising(other) })).toThrow(
      /missing: 'encoder\.weight'/,
    );
    const ofVae = new Trainer(smallVae(), { train: bars(8), epochs: 1 }).checkpoint();
    expect(() => Trainer.resume(ofVae, 'run', { model, ...classifying(model) })).toThrow(/it holds a VAE/);
    expect(() => trained().vae).toThrow('the model is a Classifier, not a VAE');
  });

  it('needs a loss of scalars, and has no settings of VAEs', () => {
    const model = new Classifier();
    const { loss: _, ...rest } = classifying(model);
    const start = (options: object) => () => {
      const trainer: Trainer = Reflect.construct(Trainer, [model, { ...rest, epochs: 1, ...options }]);
      for (const _ of trainer.run());
    };
    expect(start({})).toThrow('a model that is no VAE needs a loss');
    expect(start({ loss: () => ({ loss: tensor(1) }), beta: 2 })).toThrow('beta is a setting of VAEs');
    expect(start({ loss: () => ({ accuracy: tensor(1) }) })).toThrow("'loss' is missing");
    expect(start({ loss: () => ({ loss: tensor([1, 2]) }) })).toThrow("'loss' has 2 elements");
    expect(start({ loss: () => ({ loss: tensor(1) }), weightDecay: 0.1 })).toThrow(
      'weightDecay is a setting of AdamW',
    );
  });
});

describe('a VAE with an optimiser of one´s own', () => {
  it('resumes bit for bit when it is given again', () => {
    const sgd = (parameters: ReadonlyMap<string, Tensor>, learningRate: number) =>
      new SGD(parameters, { learningRate, momentum: 0.5 });
    const options = { train: bars(20), epochs: 2, batchSize: 8, learningRate: 1e-3, optimizer: sgd };
    const whole = new Trainer(smallVae(), options);
    for (const _ of whole.run());
    const half = new Trainer(smallVae(), options);
    const run = half.run();
    for (let i = 0; i < 4; i++) run.next();
    const resumed = Trainer.resume(half.checkpoint(), 'c', { train: bars(20), optimizer: sgd });
    for (const _ of resumed.run());
    expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
    expect(() => Trainer.resume(half.checkpoint(), 'c', { train: bars(20) })).toThrow(/trained with SGD/);
  });
});
