/** Benchmarks: `npm run bench -- [SUITE ...]`; see CONTRIBUTING.md. */
import { command } from './command.js';

process.exitCode = await command(process.argv.slice(2));
