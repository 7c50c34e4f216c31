import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { backward } from '../../../src/autograd/index.js';
import { addFlags, settingsOf } from '../../../src/cli/flags.js';
import { AdamW } from '../../../src/nn/optim/adam.js';
import { rows } from '../../../src/nn/schema/index.js';
import { DEFAULTS } from '../../../src/page/shared/settings.js';
import { formatAddress, parseAddress } from '../../../src/page/state/address.js';
import { Session } from '../../../src/page/worker/session.js';
import { decodeSafetensors, encodeSafetensors } from '../../../src/tensor/safetensors.js';
import { objective } from '../../../src/vae/objective.js';
import { commandOf, runSchema } from '../../../src/vae/run/config.js';
import { trainingSchema } from '../../../src/vae/training/options.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { bars, smallVae } from './bars.js';
import { runUntil } from './runs.js';

const train = bars(20);
const common = { train, epochs: 2, batchSize: 8, seed: 3 };

describe('weightDecay', () => {
  it('is decoupled: the training is one with AdamW', () => {
    const trainer = new Trainer(smallVae(), { ...common, weightDecay: 0.5 });
    const vae = smallVae();
    const optimizer = new AdamW(vae.namedParameters(), { learningRate: 1e-3, weightDecay: 0.5 });
    for (let taken = 0; taken < 3; taken++) {
      const { x, epsilon } = trainer.peek();
      optimizer.step(backward(objective(vae, x, epsilon).loss));
      runUntil(trainer, ({ type }) => type === 'step');
    }
    expect(trainer.vae.stateDict()).toEqual(vae.stateDict());
    const without = new Trainer(smallVae(), common);
    runUntil(without, ({ type, ...event }) => type === 'step' && 'step' in event && event.step === 3);
    expect(without.vae.stateDict()).not.toEqual(vae.stateDict());
  });

  it('is kept: a resumed training has the same bits', () => {
    const whole = new Trainer(smallVae(), { ...common, weightDecay: 0.5 });
    runUntil(whole);
    const half = new Trainer(smallVae(), { ...common, weightDecay: 0.5 });
    runUntil(half, ({ type }) => type === 'epoch');
    const resumed = Trainer.resume(half.checkpoint(), 'checkpoint', { train });
    runUntil(resumed);
    expect(resumed.settings.weightDecay).toBe(0.5);
    expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
  });

  it('is 0 in a checkpoint older than the setting, which goes on as it would have', () => {
    const whole = new Trainer(smallVae(), common);
    runUntil(whole);
    const half = new Trainer(smallVae(), common);
    runUntil(half, ({ type }) => type === 'epoch');
    const { tensors, metadata } = decodeSafetensors(half.checkpoint(), 'checkpoint');
    const settings =
      '{"epochs":2,"batchSize":8,"learningRate":0.001,"beta":1,"warmupEpochs":0,"freeBits":0,"clipNorm":null,' +
      '"binarize":false,"earlyStopping":null,"seed":3,"scheduled":false}';
    const old = encodeSafetensors(tensors, { ...metadata, version: '1', settings });
    const resumed = Trainer.resume(old, 'checkpoint', { train });
    runUntil(resumed);
    expect(resumed.settings).toEqual(whole.settings);
    expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
  });

  it('is a flag, with help, and stands in the command that repeats a run', () => {
    const command = addFlags(new Command('train'), runSchema);
    expect(command.helpInformation()).toMatch(/--weight-decay <number> .*\(default: 0\)/s);
    command.parse(['--weight-decay', '0.1'], { from: 'user' });
    expect(settingsOf(runSchema, command.opts(), { hidden: [3], latent: 2 }).weightDecay).toBe(0.1);
    const trainer = new Trainer(smallVae(), { ...common, weightDecay: 0.1 });
    const data = { source: 'mnist', folder: null, seed: 3, train: null, test: null } as const;
    const run = { preset: 'latent2', data, model: trainer.vae.config, training: trainer.settings } as const;
    expect(commandOf(run)).toContain(' --weight-decay 0.1 ');
  });

  it('stands in the report, and in the address and the training of the page', () => {
    const trainer = new Trainer(smallVae(), { ...common, weightDecay: 0.1 });
    expect(rows(trainingSchema, trainer.settings)).toContainEqual(['Weight decay of AdamW', '0.1']);
    const settings = { ...DEFAULTS, count: 64, weightDecay: 0.1 };
    const address = { view: 'train', settings, at: 0, params: {} } as const;
    expect(formatAddress(address)).toBe('#/train?weightDecay=0.1&count=64');
    expect(parseAddress(formatAddress(address)).address).toEqual(address);
    expect(new Session(settings).trainer.settings.weightDecay).toBe(0.1);
  });

  it('is refused below 0', () => {
    expect(() => new Trainer(smallVae(), { ...common, weightDecay: -1 })).toThrow(
      'Trainer: weightDecay is -1; it must be a finite number of 0 or more',
    );
  });
});
