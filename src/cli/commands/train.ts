import type { Command } from 'commander';
import { architectureSchema, presetNames, presetSetting, presets } from '../../vae/config.js';
import { runSchema } from '../../vae/run/config.js';
import { addFlags } from '../flags.js';
import { JsonReporter } from '../progress/json.js';
import { TerminalReporter } from '../progress/terminal.js';
import { train } from '../train/session.js';
import type { TrainFlags } from '../train/settings.js';

const PRESETS = presetNames.map((name) => {
  const { likelihood } = architectureSchema;
  return `  ${presetSetting.choices[name]}, ${likelihood.choices[presets[name].likelihood]}`;
});

const EXAMPLES = `
Presets:
${PRESETS.join('\n')}

Examples:
  pathwise train
  pathwise train --data mnist --preset latent20 --epochs 5
  pathwise train --data ./fashion --hidden 256,128 --latent 10 --likelihood gaussian --learn-sigma
  pathwise train --data mnist --limit 5000 --epochs 2 --json > metrics.jsonl
  pathwise train --resume runs/mnist-latent20-1 --epochs 20`;

/** `pathwise train` */
export function trainCommand(program: Command, done: (code: number) => void): void {
  const command = program
    .command('train')
    .summary('train a VAE and write a report')
    .description('Trains a VAE and writes a run folder: checkpoint, metrics, pictures and report.html.');
  addFlags(command, runSchema, Object.keys(presets.latent2))
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
