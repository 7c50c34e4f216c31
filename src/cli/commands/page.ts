import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Option } from 'commander';
import { integer } from '../../nn/schema/index.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../errors.js';
import { readBuiltPage } from '../page/built.js';
import { openInBrowser } from '../page/open.js';
import { servePage } from '../page/server.js';
import { listenForInterrupt } from '../train/interrupt.js';

const EXAMPLES = `
Examples:
  pathwise page
  pathwise page --port 8080 --no-open`;

/** Beside the port. */
interface PageFlags {
  readonly open?: boolean;
  readonly folder?: string;
}

/** Where the package has its page. */
const ownFolder = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('pathwise/package.json')), 'dist/page');

async function page(port: number, { open = true, folder = ownFolder() }: PageFlags): Promise<number> {
  const interrupt = listenForInterrupt();
  try {
    const server = await servePage(await readBuiltPage(folder), port);
    console.log(`the page is at ${server.url}`);
    if (open && !(await openInBrowser(server.url))) console.log('open this address in a browser');
    console.log('press Ctrl-C to stop');
    if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
    await server.close();
    return EXIT.done;
  } finally {
    interrupt.dispose();
  }
}

/** `pathwise page` */
export const pageCommand = defineCommand(
  {
    name: 'page',
    summary: 'train in the browser, and step through the trick',
    description:
      'Serves the page on this machine alone (127.0.0.1) and opens it in the browser, until Ctrl-C.',
    flags: { port: integer({ min: 0, max: 65_535, default: 0, help: 'the port; 0 takes a free one' }) },
    examples: EXAMPLES,
    run: ({ port }, _, given: PageFlags) => page(port, given),
  },
  (command) =>
    command
      .option('--no-open', 'print the address without opening a browser')
      .addOption(new Option('--folder <path>', 'a built page elsewhere').hideHelp()),
);
