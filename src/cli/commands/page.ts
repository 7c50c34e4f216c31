import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { integer } from '../../nn/schema/index.js';
import { EXIT } from '../errors.js';
import { addFlags, settingsOf } from '../flags.js';
import { readBuiltPage } from '../page/built.js';
import { openInBrowser } from '../page/open.js';
import { servePage } from '../page/server.js';
import { listenForInterrupt } from '../train/interrupt.js';

const EXAMPLES = `
Examples:
  pathwise page
  pathwise page --port 8080 --no-open`;

const FLAGS = { port: integer({ min: 0, max: 65_535, default: 0, help: 'the port; 0 takes a free one' }) };

/** Beside the port. */
interface PageFlags {
  readonly open: boolean;
  readonly folder?: string;
}

/** Where the package has its page. */
const ownFolder = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('pathwise/package.json')), 'dist/page');

async function page(flags: PageFlags): Promise<number> {
  const { open, folder = ownFolder() } = flags;
  const { port } = settingsOf(FLAGS, flags);
  const interrupt = listenForInterrupt();
  try {
    const server = await servePage(await readBuiltPage(folder), port);
    console.log(`the page is at ${server.url}`);
    if (open && !(await openInBrowser(server.url))) console.log('open this address in a browser');
    console.log('Ctrl-C ends it');
    if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
    await server.close();
    return EXIT.done;
  } finally {
    interrupt.dispose();
  }
}

/** `pathwise page` */
export function pageCommand(program: Command, done: (code: number) => void): void {
  const command = program
    .command('page')
    .summary('train in the browser, and step through the trick')
    .description(
      'Serves the page on this machine alone (127.0.0.1) and opens it in the browser, until Ctrl-C.',
    );
  addFlags(command, FLAGS)
    .option('--no-open', 'print the address, and leave the browser alone')
    .addOption(new Option('--folder <path>', 'a built page elsewhere').hideHelp())
    .addHelpText('after', EXAMPLES)
    .action(async (flags: PageFlags) => done(await page(flags)));
}
