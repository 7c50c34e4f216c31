import { describe, expect, it } from 'vitest';
import { runProcess } from '../../../bench/run/process.js';

const node = (script: string, env = {}) => ({ file: process.execPath, args: ['-e', script], env });

describe('runProcess', () => {
  it('reads the last line, under the given environment', async () => {
    const script = `console.log('talk');
      console.log(JSON.stringify([{ row: 'r', values: { seconds: Number(process.env.SECONDS) }, note: 'n' }]));`;
    expect(await runProcess(node(script, { SECONDS: '2.5' }))).toEqual([
      { row: 'r', values: { seconds: 2.5 }, note: 'n' },
    ]);
  });

  it.each([
    ['', "a measurement printed ''"],
    ['console.log("[]")', "a measurement printed '[]'"],
    ['console.log("[1]")', "a measurement printed '[1]'"],
    [`console.log('[{"row":"r","values":{"x":null}}]')`, 'it must end with a JSON list of readings'],
  ])('refuses the output of %j', async (script, message) => {
    await expect(runProcess(node(script))).rejects.toThrow(message);
  });

  it('keeps as many other processes busy as are asked for, while it runs', async () => {
    // Children of this process that have had a tenth of a second of a core.
    const script = `const { readFileSync, readdirSync } = require('node:fs');
      const others = () => readdirSync('/proc').flatMap((id) => {
        try {
          const [, , , parent, ...rest] = readFileSync('/proc/' + id + '/stat', 'utf8').replace(/\\(.*\\)/s, 'x').split(' ');
          return Number(parent) === process.ppid && Number(id) !== process.pid ? [Number(rest[9])] : [];
        } catch {
          return [];
        }
      });
      const until = Date.now() + 20000;
      const look = () => {
        const busy = others().filter((ticks) => ticks >= 10).length;
        if (busy < 2 && Date.now() < until) return setTimeout(look, 20);
        console.log(JSON.stringify([{ row: 'r', values: { busy } }]));
      };
      look();`;
    const [{ values }] = await runProcess({ ...node(script), busy: 2 });
    expect(values.busy).toBeGreaterThanOrEqual(2);
  });

  it('says how a process ended and what it said', async () => {
    const script = `console.error('no such kernel'); process.exitCode = 3;`;
    await expect(runProcess(node(script))).rejects.toThrow(/ended with 3: no such kernel/);
    const missing = { file: '/nowhere/python3', args: [], env: {} };
    await expect(runProcess(missing)).rejects.toThrow('/nowhere/python3');
  });
});
