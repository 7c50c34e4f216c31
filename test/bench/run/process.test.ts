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

  it('says how a process ended and what it said', async () => {
    const script = `console.error('no such kernel'); process.exitCode = 3;`;
    await expect(runProcess(node(script))).rejects.toThrow(/ended with 3: no such kernel/);
    const missing = { file: '/nowhere/python3', args: [], env: {} };
    await expect(runProcess(missing)).rejects.toThrow('/nowhere/python3');
  });
});
