import { Command } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFlags, settingsOf } from '../../src/cli/flags.js';
import { leavesOf, relevant } from '../../src/nn/schema/index.js';
import { presetNames, presets } from '../../src/vae/config.js';
import { commandOf, type RunSettings, runSchema } from '../../src/vae/run/config.js';
import { anyRun } from '../vae/run/arbitraries.js';

/** What commander and the schema make of the words after `pathwise train`. */
function parse(words: readonly string[], usual: object = {}): RunSettings {
  const command = addFlags(new Command('train').exitOverride(), runSchema);
  command.configureOutput({ writeErr: () => {} }).parse(words, { from: 'user' });
  return settingsOf(runSchema, command.opts(), usual);
}

/** The words of a command without quotes. */
const wordsOf = (command: string): string[] => command.split(' ').slice(2);

describe('flags', () => {
  it('of the command that repeats a run give its settings', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const given = parse(wordsOf(commandOf(run)), presets[run.preset]);
        const { data, preset, limit, ...settings } = relevant(runSchema, given);
        expect({ preset, limit, data }).toEqual({
          preset: run.preset,
          limit: run.data.train,
          data: run.data.source,
        });
        const { features: _, shape: __, classes: _classes, ...model } = run.model;
        const { scheduled: ___, ...training } = run.training;
        expect(settings).toEqual({ ...model, ...training });
      }),
    );
  });

  it('have a line of help each, with a default where there is one', () => {
    const help = addFlags(new Command('train'), runSchema, ['latent']).helpInformation();
    for (const { setting } of leavesOf(runSchema)) {
      expect(help.replace(/\s+/g, ' ')).toContain(setting.help);
    }
    expect(help).toMatch(/--batch-size <n> +examples per step \(default: 128\)/);
    expect(help).toMatch(/--latent <n> +dimensions of z\n/);
    expect(help.replace(/\s+/g, ' ')).toContain(
      `(choices: ${presetNames.map((name) => `"${name}"`).join(', ')})`,
    );
  });

  it('are numbers as people write them', () => {
    const { limit, learningRate } = parse(['--limit', '1e3', '--learning-rate', '.5'], presets.latent2);
    expect([limit, learningRate]).toEqual([1000, 0.5]);
  });

  it('out of range are refused with what they take', () => {
    expect(() => parse(['--free-bits', '-1'])).toThrow(
      /--free-bits <nats>.*It must be a finite number of 0 or more/,
    );
    expect(() => parse(['--clip-norm', '0'])).toThrow("It must be a finite number above 0, or 'none'.");
  });
});
