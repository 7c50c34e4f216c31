import { architectureSchema, presets } from '../../vae/config.js';
import { runSchema } from '../../vae/run/config.js';
import { elboSchema } from '../../vae/shared-settings.js';
import { defineCommand } from '../command.js';
import { section } from '../flags.js';
import { terminalInfo } from '../output.js';
import { JsonReporter } from '../progress/json.js';
import { TerminalReporter } from '../progress/terminal.js';
import { train } from '../train/session.js';
import { trainFlags } from '../train/settings.js';

const EXAMPLES = `
Presets and parts are listed by 'pathwise models'.

Data:
  glyphs, glyphs-color   digits that are drawn here, 28 x 28, or 32 x 32 in colour
  mnist, cifar10         read from MNIST_DIR or CIFAR10_DIR, or downloaded once
  fashion-mnist, kmnist  read from FASHION_MNIST_DIR or KMNIST_DIR
  emnist-<split>         read from EMNIST_DIR, and put upright
  a folder               of IDX files, of CIFAR-10's binary files, or with a
                         folder of PNG pictures for each class (in two folders,
                         train and test, or every sixth of a class is tested on)

Examples:
  pathwise train
  pathwise train --data mnist --preset latent20 --epochs 5
  pathwise train --data mnist --preset conv2 --epochs 5
  pathwise train --data mnist --preset conditional --posterior flow --prior vamp
  pathwise train --data ./fashion --hidden 256,128 --latent 10 --likelihood gaussian --learn-sigma
  pathwise train --data ./photos --preset latent20 --epochs 5
  pathwise train --data mnist --limit 5000 --epochs 2 --json > metrics.jsonl
  pathwise train --resume runs/mnist-latent20-1 --epochs 20
  pathwise train --resume runs/fashion-latent2-1 --data ./moved/fashion`;

const { data, preset, limit, objective, estimator, samples, warmupEpochs, warmupCycle } = runSchema;
const { condition, posterior, couplings, prior, components, likelihood, sigma, learnSigma, ...layers } =
  architectureSchema;

/** The settings under headings, by part; one that has no other is of the training. */
const settings = {
  ...section('Training', runSchema),
  ...section('Data and model', { data, preset, limit }),
  ...section('Layers', layers),
  ...section('Posterior, prior and condition', { condition, posterior, couplings, prior, components }),
  ...section('Likelihood', { likelihood, sigma, learnSigma }),
  ...section('Objective', { objective, estimator, samples, ...elboSchema, warmupEpochs, warmupCycle }),
};

/** `pathwise train` */
export const trainCommand = defineCommand({
  name: 'train',
  summary: 'train a VAE and write a report',
  description: 'Trains a VAE and writes a run folder: checkpoint, metrics, pictures and report.html.',
  settings,
  varied: [...new Set(Object.values(presets).flatMap((preset) => Object.keys(preset)))],
  flags: trainFlags,
  examples: EXAMPLES,
  run(flags, _, given) {
    const { isTTY, columns } = terminalInfo();
    const output = { write: (text: string) => process.stdout.write(text), columns };
    const json = flags.json || !isTTY;
    return train(flags, given, json ? new JsonReporter(output) : new TerminalReporter(output));
  },
});
