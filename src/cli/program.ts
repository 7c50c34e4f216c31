import { Command, CommanderError } from 'commander';
import { checkEnvironment } from '../device/environment.js';
import { integer, optional } from '../nn/schema/index.js';
import { messageOf } from '../tensor/describe.js';
import { configure } from '../tensor/index.js';
import type { AddCommand } from './command.js';
import { checkCommand } from './commands/check.js';
import { evaluateCommand } from './commands/evaluate.js';
import { graphCommand } from './commands/graph.js';
import { interpolateCommand } from './commands/interpolate.js';
import { modelsCommand } from './commands/models.js';
import { pageCommand } from './commands/page.js';
import { reconstructCommand } from './commands/reconstruct.js';
import { sampleCommand } from './commands/sample.js';
import { studyCommand } from './commands/study.js';
import { trainCommand } from './commands/train.js';
import { brief, describeError, EXIT, UsageError } from './errors.js';
import { addFlags, settingsOf } from './flags.js';
import { version } from './version.js';

const COMMANDS: readonly AddCommand[] = [
  trainCommand,
  modelsCommand,
  checkCommand,
  evaluateCommand,
  sampleCommand,
  reconstructCommand,
  interpolateCommand,
  graphCommand,
  studyCommand,
  pageCommand,
];

const EXAMPLES = `
Examples:
  pathwise train                                   train on drawn digits; ends with a report
  pathwise train --data mnist --preset latent20    train the usual example on MNIST
  pathwise evaluate runs/mnist-latent20-1          estimate log p(x), with bounds and errors
  pathwise check                                   check every gradient against finite differences
  pathwise graph                                   see values and gradients at the trick
  pathwise page                                    train in the browser, and step through the trick`;

/** What every command takes for the engine. */
const ENGINE = {
  threads: optional(
    integer({
      min: 1,
      max: 64,
      help: 'number of threads; results do not depend on it (default: one per core)',
    }),
  ),
  memory: optional(
    integer({
      min: 8,
      max: 2047,
      unit: 'MiB',
      help: 'memory limit for models and scopes (default: 1024)',
    }),
  ),
};

/** The commands without subcommands. */
const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

/** Refuses an option that is given twice: commander would take the last, in silence. */
export function refuseTwice(command: Command): void {
  const given = new Set<string>();
  for (const option of command.options) {
    command.on(`option:${option.name()}`, () => {
      if (given.has(option.name())) command.error(`error: option '${option.flags}' is given twice`);
      given.add(option.name());
    });
  }
}

/** The whole command line. @param args what it is to read, which its errors cut short */
export function buildProgram(done: (code: number) => void, args: readonly string[] = []): Command {
  const program = new Command('pathwise')
    .description('A variational autoencoder with every gradient in the open: train, check, explore.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .showHelpAfterError('Add --help to see the options.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(brief(text, args)) })
    .addHelpText('after', EXAMPLES);
  for (const add of COMMANDS) add(program, done);
  for (const command of leaves(program)) {
    addFlags(command, ENGINE)
      .option('--debug', 'show the stack of an error')
      .helpOption('-h, --help', 'show this help');
    refuseTwice(command);
  }
  program.hook('preAction', (_, command) => {
    const { threads, memory } = settingsOf(ENGINE, command.opts());
    try {
      configure({ ...(threads !== null && { threads }), ...(memory !== null && { memory }) });
      checkEnvironment();
    } catch (error) {
      throw new UsageError(messageOf(error), { cause: error });
    }
  });
  return program;
}

/** Runs a command line (without node and script) and returns the exit code; errors go to stderr. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done;
  const program = buildProgram((result) => {
    code = result;
  }, args);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed a message: help, version, or an error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    process.stderr.write(`${brief(describeError(error, args.includes('--debug')), args)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}
