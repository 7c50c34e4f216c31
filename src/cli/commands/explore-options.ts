import type { Command } from 'commander';

/** Options of every command that draws a picture. */
export interface PictureFlags {
  readonly out: string;
  readonly force?: boolean;
}

/** Adds --out and --force. */
export const addPictureOptions = (command: Command, file: string): Command =>
  command.option('--out <file>', 'the PNG file', file).option('--force', 'replace the file if it exists');
