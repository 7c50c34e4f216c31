import { Command, CommanderError } from 'commander';
import { UsageError } from '../../src/cli/errors.js';
import { addFlags, settingsOf } from '../../src/cli/flags.js';
import { refuseTwice } from '../../src/cli/program.js';
import { choice, integer, number, optional, text, type Values } from '../../src/nn/schema/index.js';

const schema = (kinds: readonly string[]) => ({
  minutes: number({ above: 0, default: 30, help: 'how long, in all; each kind has a turn at least' }),
  seed: optional(integer({ min: 0, help: 'decides every case (default: drawn, and printed)' })),
  only: optional(choice(kinds, { help: 'one kind alone' })),
  case: optional(integer({ min: 0, unit: 'n', help: 'case n of that kind alone, as a failure names it' })),
  resume: optional(
    text({
      unit: 'folder',
      need: 'the path of a folder',
      help: 'go on with the seed and the counts kept there',
    }),
  ),
});

/** What a call asks for. */
export type Options = Values<ReturnType<typeof schema>>;

/**
 * Reads the command line.
 * @returns null where it asked for help, which is then printed
 * @throws UsageError for what it does not take.
 */
export function parseOptions(
  args: readonly string[],
  kinds: readonly { readonly name: string; readonly doc: string }[],
): Options | null {
  const fields = schema(kinds.map(({ name }) => name));
  const list = kinds.map(({ name, doc }) => `  ${name.padEnd(12)} ${doc}`).join('\n');
  const program = addFlags(new Command('soak'), fields)
    .description('Kills, signals, full disks and damaged files, again and again; see CONTRIBUTING.md.')
    .addHelpText('after', `\nKinds:\n${list}`)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  refuseTwice(program);
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw new UsageError(error.message.replace(/^error: /, ''), { cause: error });
  }
  const options = settingsOf(fields, program.opts());
  const { case: number, only, resume, seed } = options;
  if (number !== null && (only === null || seed === null))
    throw new UsageError('--case needs --seed and --only: they decide the case');
  if (resume !== null && (seed !== null || only !== null))
    throw new UsageError('--resume takes seed and kinds from its folder; leave out --seed and --only');
  return options;
}
