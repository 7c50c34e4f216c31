import type { Command } from 'commander';
import { type Fields, toggle, type Values } from '../nn/schema/index.js';
import { addFlags, settingsOf } from './flags.js';

/** Adds one command; `done` receives its exit code. */
export type AddCommand = (program: Command, done: (code: number) => void) => void;

/** An argument as usage shows it, `<run>` if it must be given and `[run]` if not, and its help. */
export type Argument = readonly [usage: string, help: string];
/** What was given for each argument. */
export type ArgumentValues<A extends readonly Argument[]> = {
  readonly [I in keyof A]: A[I][0] extends `<${string}` ? string : string | undefined;
};

/** A command as data; its work comes to an exit code. */
export interface CommandSpec<
  F extends Fields,
  A extends readonly Argument[],
  Result = number | Promise<number>,
> {
  readonly name: string;
  /** In the list of commands. */
  readonly summary: string;
  readonly description: string;
  readonly args?: A;
  readonly flags: F;
  /** Listed before the flags; `run` reads them from what was given, as not all have a default of their own. */
  readonly settings?: Fields;
  /** Settings whose default another one decides. */
  readonly varied?: readonly string[];
  /** Shown below the flags. */
  readonly examples: string;
  /**
   * Does the work.
   * @param flags every flag, with defaults in place
   * @param given the flags as commander has read them, without defaults
   */
  run(flags: Values<F>, args: ArgumentValues<A>, given: object): Result;
}

/** Turns a description into what adds the command. @param extend adds options that no schema describes */
export const defineCommand =
  <F extends Fields, const A extends readonly Argument[] = readonly []>(
    { name, summary, description, args, flags, settings = {}, varied, examples, run }: CommandSpec<F, A>,
    extend: (command: Command) => unknown = () => {},
  ): AddCommand =>
  (program, done) => {
    const command = program.command(name).summary(summary).description(description);
    for (const [usage, help] of args ?? []) command.argument(usage, help);
    addFlags(addFlags(command, settings, varied), flags);
    extend(command);
    command.addHelpText('after', examples).action(async () => {
      const given = command.opts();
      // Commander has checked that no required argument is missing.
      const values = command.processedArgs as ArgumentValues<A>;
      done(await run(settingsOf(flags, given), values, given));
    });
  };

/** The argument of commands that need a run. */
export const RUN = ['<run>', 'a run folder'] as const;

/** The flag of every command that reads data. */
export const offline = toggle({ help: 'never download' });
