import { type Command, Option } from 'commander';
import { presetNames } from '../../vae/config.js';
import { integer, real, sigma, widths } from '../arguments.js';
import { JsonReporter } from '../progress/json.js';
import { TerminalReporter } from '../progress/terminal.js';
import { train } from '../train/session.js';
import type { TrainFlags } from '../train/settings.js';

const EXAMPLES = `
Presets:
  latent2    784-512-256-2, Gaussian with sigma^2 = 1/2, shown as squared error + KL
  latent20   784-400-20, Bernoulli
  latent128  784-512-128, Bernoulli

Examples:
  pathwise train
  pathwise train --data mnist --preset latent20 --epochs 5
  pathwise train --data ./fashion --hidden 256,128 --latent 10 --likelihood gaussian --sigma learned
  pathwise train --data mnist --limit 5000 --epochs 2 --json > metrics.jsonl
  pathwise train --resume runs/mnist-latent20-1 --epochs 20`;

/** `pathwise train` */
export function trainCommand(program: Command, done: (code: number) => void): void {
  program
    .command('train')
    .summary('train a VAE and write a report')
    .description('Trains a VAE and writes a run folder: checkpoint, metrics, pictures and report.html.')
    .option('--data <source>', "'glyphs' (drawn digits), 'mnist', or a folder of IDX files (default: glyphs)")
    .addOption(
      new Option(
        '--preset <name>',
        'architecture and settings; the options below change them (default: latent2)',
      ).choices(presetNames),
    )
    .option('--hidden <widths>', 'widths of the hidden layers, as 512,256', widths)
    .option('--latent <n>', 'dimensions of z', integer(1, 1_000_000))
    .addOption(new Option('--likelihood <name>', 'of the pixels').choices(['bernoulli', 'gaussian']))
    .option('--sigma <number|learned>', 'standard deviation of the Gaussian likelihood', sigma)
    .option('--beta <number>', 'weight of the KL (default: 1)', real())
    .option('--warmup <epochs>', 'epochs over which the weight of the KL rises from 0 (default: 0)', real())
    .option('--free-bits <nats>', "a dimension's KL counts at least so much (default: 0)", real())
    .option('--binarize', 'draw each pixel as 0 or 1 at every step')
    .option('--epochs <n>', 'passes over the data (default: 10)', integer(1))
    .option('--batch-size <n>', 'examples per step (default: 128)', integer(1))
    .option('--learning-rate <number>', 'of Adam (default: 0.001)', real({ positive: true }))
    .option('--clip-norm <number>', 'longest gradient (default: not limited)', real({ positive: true }))
    .option('--seed <n>', 'decides every random number (default: 0)', integer(0))
    .option('--limit <n>', 'train on the first n examples, and test on as many at most', integer(1))
    .option('--offline', 'never download')
    .option('--out <folder>', 'the run folder (default: runs/<data>-<preset>-<n>); it is never overwritten')
    .option('--resume <run>', 'go on in a run folder, to --epochs in all')
    .option('--json', 'print one JSON object a line, also on a terminal')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: TrainFlags) => {
      const json = flags.json === true || process.stdout.isTTY !== true;
      done(
        await train(flags, json ? new JsonReporter(process.stdout) : new TerminalReporter(process.stdout)),
      );
    });
}
