import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as check from '../../src/check.js';
import { glyphsOnDemand } from '../../src/data/glyphs/on-demand.js';
import * as data from '../../src/data/index.js';
import * as graph from '../../src/graph.js';
import * as core from '../../src/index.js';
import * as nn from '../../src/nn.js';
import * as node from '../../src/node.js';
import * as study from '../../src/study/index.js';
import * as testing from '../../src/testing/index.js';
import * as vae from '../../src/vae.js';
import { readImports, root } from './imports.js';

const { ones, Random, tensor, variable } = core;
const stream = new Random(0).stream('options');
const model = () => new vae.VAE({ features: 2, hidden: [2], latent: 1 }, { stream });
const x = ones([1, 2]);
const epsilon = ones([1, 1]);
const dataset = data.tensorDataset(x);
const parameters = new Map([['w', variable(tensor([1]))]]);
const trainer = () => new vae.Trainer(model(), { train: dataset, epochs: 0 });
const gaussian = () => new study.LinearGaussianVae({ features: 2, latent: 1, stream });
const discrete = () =>
  study.discretePoint(new study.BernoulliVae({ features: 2, hidden: 2, bits: 1, stream }), x);

type Callable = (...args: never[]) => unknown;
const call =
  (f: Callable, ...before: unknown[]) =>
  (options: object): unknown =>
    Reflect.apply(f, undefined, [...before, options]);
const make =
  (kind: new (...args: never[]) => object, ...before: unknown[]) =>
  (options: object): object =>
    Reflect.construct(kind, [...before, options]);

/** A call of everything that takes options, by the name that its errors carry; the names of ops are added to them. */
const calls: Record<string, (options: object) => unknown> = {
  configure: call(core.configure),
  tensor: call(core.tensor, [1]),
  zeros: call(core.zeros, [1]),
  ones: call(core.ones, [1]),
  full: call(core.full, [1], 1),
  eye: call(core.eye, 1),
  arange: call(core.arange, 0, 3, 1),
  uniform: call(core.uniform, [1], stream),
  normal: call(core.normal, [1], stream),
  bernoulli: call(core.bernoulli, [1], stream, 0.5),
  allClose: call(core.allClose, x, x),
  oneHot: call(core.oneHot, [1]),
  pad: call(core.pad, x),
  conv1d: call(nn.conv1d, ones([1, 1, 3]), ones([1, 1, 1]), null),
  avgPool2d: call(nn.avgPool2d, ones([1, 1, 2, 2])),
  unfold: call(nn.unfold, ones([1, 1, 2, 2])),
  fold: call(nn.fold, ones([1, 1, 1])),
  upsample: call(nn.upsample, ones([1, 1, 2, 2])),
  batchNorm: call(nn.batchNorm, x),
  groupNorm: call(nn.groupNorm, x),
  split: call(core.split, x),
  squeeze: call(core.squeeze, x),
  expandDims: call(core.expandDims, x),
  takeAlongAxis: call(core.takeAlongAxis, x, [[0]]),
  variance: call(core.variance, x),
  backward: call(core.backward, variable(tensor(1))),
  gradcheck: call(check.gradcheck, (t: core.Tensor) => t, [x]),
  checkVae: call(check.checkVae),
  checkParts: call(check.checkParts),
  toJson: call(graph.toJson, graph.graphOf(variable(x))),
  Dense: make(nn.Dense),
  Dropout: make(nn.Dropout),
  Embedding: make(nn.Embedding),
  Conv1d: make(nn.Conv1d),
  Conv2d: make(nn.Conv2d),
  ConvTranspose2d: make(nn.ConvTranspose2d),
  BatchNorm2d: make(nn.BatchNorm2d),
  GroupNorm: make(nn.GroupNorm),
  MaxPool2d: make(nn.MaxPool2d),
  AvgPool2d: make(nn.AvgPool2d),
  Upsample: make(nn.Upsample),
  LayerNorm: make(nn.LayerNorm),
  LeakyReLU: make(nn.LeakyReLU),
  ELU: make(nn.ELU),
  gaussianNll: call(nn.gaussianNll, x, x),
  'schedules.stepDecay': call(nn.schedules.stepDecay),
  'schedules.cosine': call(nn.schedules.cosine),
  'schedules.warmup': call(nn.schedules.warmup),
  Adam: make(nn.Adam, parameters),
  AdamW: make(nn.AdamW, parameters),
  SGD: make(nn.SGD, parameters),
  'Adam.step': (options) => {
    const adam = new nn.Adam(parameters);
    return Reflect.apply(adam.step, adam, [{ find: () => undefined }, options]);
  },
  loadStateDict: (options) => {
    const layer = new nn.Dense({ inputs: 1, outputs: 1, stream });
    return Reflect.apply(layer.loadStateDict, layer, [layer.stateDict(), options]);
  },
  VAE: make(vae.VAE, { features: 2, hidden: [2], latent: 1 }),
  'VAE.forward': (options) => {
    const made = model();
    return Reflect.apply(made.forward, made, [x, epsilon, options]);
  },
  Trainer: make(vae.Trainer, model()),
  'Trainer.resume': call(vae.Trainer.resume, trainer().checkpoint(), 'a file'),
  objective: (options) => call(vae.objective, model(), x, epsilon)(options),
  mlp: call(vae.mlp, 1, []),
  denoise: call(vae.denoise, model(), x, { rows: 1, columns: 2 }, new Random(0)),
  denoisingErrors: call(vae.denoisingErrors, model(), x, { rows: 1, columns: 2 }, new Random(0)),
  klWarmup: call(vae.klWarmup, 1),
  evaluate: (options) => call(vae.evaluate, model(), dataset)(options),
  marginalLikelihood: (options) => call(vae.marginalLikelihood, model(), dataset)(options),
  interpolate: call(vae.interpolateCodes, ones([1]), ones([1])),
  Categorical: make(vae.Categorical),
  Gaussian: make(vae.Gaussian),
  batches: (options) => [...Reflect.apply(data.batches, undefined, [dataset, options] as never)],
  tensorDataset: call(data.tensorDataset, x),
  drawColorGlyphs: call(data.drawColorGlyphs),
  drawGlyphs: call(data.drawGlyphs),
  glyphsOnDemand: call(glyphsOnDemand),
  opProperties: call(testing.opProperties, core.exp),
  mutants: call(testing.mutants, core.exp),
  audit: call(study.audit, { likelihood: 'mse' }),
  auditLoss: call(study.auditLoss, () => tensor(0)),
  breaking: (options) =>
    call(study.runBreak, null, { vae: model(), x, epsilon, train: dataset, test: dataset })(options),
  trickObjective: (options) => call(study.trickObjective, study.rightTrick, model(), x, epsilon)(options),
  benchDiscrete: (options) => call(study.benchDiscrete, discrete())(options),
  BernoulliVae: make(study.BernoulliVae),
  detachedGradients: (options) => call(study.detachedGradients, model(), x, epsilon)(options),
  EstimatorBench: (options) => make(study.EstimatorBench, study.vaePoint(model(), x))(options),
  benchEstimators: (options) => call(study.benchEstimators, study.vaePoint(model(), x))(options),
  decoderNoise: (options) => call(study.decoderNoise, model(), x)(options),
  ledger: (options) => call(study.ledger, model(), x, epsilon)(options),
  LedgerRecorder: (options) => make(study.LedgerRecorder, trainer())(options),
  probe: (options) => call(study.probe, model(), x, epsilon, 'z')(options),
  errorCurve: (options) => call(study.errorCurve, model(), x, epsilon, 'z')(options),
  importanceBounds: (options) => call(study.importanceBounds, gaussian(), x, stream)(options),
  LinearGaussianVae: make(study.LinearGaussianVae),
  walk: (options) => call(study.walk, model(), x, epsilon)(options),
  explain: (options) => call(study.explain, study.walk(model(), x, epsilon), 'z', [0, 0])(options),
};

/** The same for what answers later. */
const promises: Record<string, (options: object) => unknown> = {
  fit: (options) => call(vae.fit, trainer())(options),
  loadCifar10: call(node.loadCifar10),
  loadMnist: call(node.loadMnist),
  readFileBytes: call(node.readFileBytes, 'no such file'),
  readIdxFile: call(node.readIdxFile, 'no such file'),
  writeFileAtomic: call(node.writeFileAtomic, '/no/such/folder', ''),
};

const unknown = { noSuchOption: 1 };
const message = (who: string): RegExp =>
  new RegExp(
    `^${who.replace('.', '\\.')}: there is no option 'noSuchOption'; there (are \\w+(, \\w+)+|is only '\\w+')$`,
  );

describe('an option that does not exist is refused, and those that exist are named', () => {
  it.each(Object.entries(calls))('%s', (who, f) => {
    expect(() => f(unknown)).toThrow(TypeError);
    expect(() => f(unknown)).toThrow(message(who === 'loadStateDict' ? 'Dense.loadStateDict' : who));
  });

  it.each(Object.entries(promises))('%s', async (who, f) => {
    await expect(f(unknown)).rejects.toThrow(message(who));
  });

  it.each(core.registeredOps().map((op) => [op.name, op] as const))('the op %s', (name, op) => {
    const resolve = () => op.attributes(unknown, [[2], [2], [2]]);
    expect(resolve).toThrow(TypeError);
    expect(resolve).toThrow(
      op.options.length === 0 ? `${name}: takes no options, but got 'noSuchOption'` : message(name),
    );
    for (const option of op.options) expect(resolve).toThrow(option);
  });
});

describe('no function is forgotten', () => {
  const sources = [...readImports().keys()]
    .filter((file) => !/^src\/(page|cli|device)\//.test(file))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);

  it('by the table above: it has all names that checks carry', () => {
    const names = sources.flatMap(([, text]) =>
      [...text.matchAll(/checkOptions\((?!given: )[^;]*?'([\w.]+)',?\s*\);/g)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !Object.hasOwn(calls, name) && !Object.hasOwn(promises, name))).toEqual([]);
  });

  it('by the checks: every file with a function that takes options has one', () => {
    const takes = /(\w*[oO]ptions|\}): (\w*Options|\{ readonly [^()]*\})( = \{\})?[,)]/;
    /** Options of functions that are not exported by an entry, or that hand all of them on to one that checks. */
    const elsewhere = [
      'src/autograd/gradcheck/gradcheck.ts',
      'src/autograd/ops/',
      'src/data/cifar10/load.ts',
      'src/data/download/download.ts',
      'src/data/download/fetch.ts',
      'src/data/mnist.ts',
      'src/nn/module.ts',
      'src/nn/schema/',
      'src/study/break/gradients.ts',
      'src/study/break/runner.ts',
      'src/study/estimators/draws.ts',
      'src/study/probe/options.ts',
      'src/study/probe/subject.ts',
      'src/study/walk/expression.ts',
      'src/study/walk/print.ts',
      'src/vae/training/trainer.ts',
    ];
    const forgotten = sources
      .filter(([, text]) => takes.test(text) && !/checkOptions\(|\bcomplete\(/.test(text))
      .map(([file]) => file)
      .filter((file) => !elsewhere.some((known) => file.startsWith(known)));
    expect(forgotten).toEqual([]);
  });
});
