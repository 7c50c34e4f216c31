/** Kills, signals, full disks, damaged files and kernels: `npm run soak`; see CONTRIBUTING.md. */
import { command } from './command.js';
import { kinds } from './kinds/index.js';

process.exitCode = await command(process.argv.slice(2), kinds);
