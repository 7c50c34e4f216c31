import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { command } from './command.js';
import type { Kind } from './kind.js';
import { newState, readState, writeState } from './state.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A kind whose cases fail where `fails` says so of what they draw. */
const kind = (name: string, fails: (drawn: number) => boolean, drawn: number[] = []): Kind => ({
  name,
  doc: 'numbers',
  share: 1,
  prepare: async () => (one) => {
    const n = one.draw(fc.nat(99));
    one.keep('number.txt', String(n));
    drawn.push(n);
    if (fails(n)) throw new Error(`${n} is too large`);
    return 2;
  },
});
const never = () => false;

/** Runs the command. @returns its exit code, what it said, and the folder that it named */
async function soak(kinds: readonly Kind[], ...args: string[]) {
  let said = '';
  const code = await command(args, kinds, (line) => {
    said += `${line}\n`;
  });
  const folder = /^soak: seed \d+, in (\S+)$/m.exec(said)?.[1] ?? '';
  if (folder !== '') folders.push(folder);
  return { code, said, folder };
}

describe('npm run soak', () => {
  it.each([
    [['--minuets', '1'], "unknown option '--minuets'"],
    [['--minutes', '0'], 'It must be a finite number above 0.'],
    [['--only', 'c'], 'Allowed choices are a, b.'],
    [['a'], 'too many arguments'],
    [['--seed', '1', '--seed', '2'], "'--seed <n>' is given twice"],
    [['--only', 'a', '--case', '1'], '--case needs --seed and --only'],
    [['--resume', 'x', '--seed', '1'], '--resume takes seed and kinds from its folder'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, said } = await soak([kind('a', never), kind('b', never)], ...args);
    expect([code, said]).toEqual([2, expect.stringContaining(message)]);
  });

  it('ends with a table, and leaves nothing when nothing failed', async () => {
    const absent: Kind = { ...kind('b', never), prepare: async () => 'it has no leg to stand on' };
    const { code, said, folder } = await soak([kind('a', never), absent], '--minutes', '0.005');
    expect(code).toBe(0);
    expect(said).toContain('b: not tried: it has no leg to stand on\n');
    expect(said).toMatch(/^ {2}a +numbers +([\d,]+) +\1 +/m);
    expect(said).toMatch(/^ {2}b +numbers +not tried /m);
    await expect(access(folder)).rejects.toThrow('ENOENT');
  });

  it('keeps what failed, and says how to repeat it', async () => {
    const kinds = [kind('a', never), kind('b', (n) => n > 90)];
    const { code, said, folder } = await soak(kinds, '--minutes', '0.01', '--seed', '5');
    expect(code).toBe(1);
    const [repeat, number] = /--seed 5 --only b --case (\d+)/.exec(said) ?? [];
    const kept = join(folder, 'failures', `b-${number}`);
    expect(await readdir(kept)).toEqual(['number.txt', 'stack.txt', 'why.txt']);
    const drawn = await readFile(join(kept, 'number.txt'), 'utf8');
    expect(said).toContain(`FAILED b, case ${number}: ${drawn} is too large\n  kept in ${kept}\n`);
    const again = await soak(kinds, ...(repeat ?? '').split(' '));
    expect([again.code, again.said]).toEqual([1, expect.stringContaining(`${drawn} is too large`)]);
    // A kind that fails again and again is left.
    expect((await readdir(join(folder, 'failures'))).length).toBeLessThanOrEqual(10);
  });

  it('goes on with the seed, the cases and the counts of before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pathwise-soak-'));
    folders.push(folder);
    const state = newState(7, ['a']);
    state.tallies.set('a', { cases: 3, tried: 6, survived: 6, seconds: 0 });
    await writeState(folder, state);
    const straight: number[] = [];
    await soak([kind('a', never, straight)], '--seed', '7', '--minutes', '0.005');
    const resumed: number[] = [];
    const { code, said } = await soak(
      [kind('a', (n) => n > 98, resumed), kind('b', never)],
      ...['--resume', folder, '--minutes', '0.005'],
    );
    expect(said).toContain(`soak: seed 7, in ${folder}`);
    expect(said).not.toMatch(/^ {2}b /m);
    const common = Math.min(resumed.length, straight.length - 3);
    expect(common).toBeGreaterThan(10);
    expect(resumed.slice(0, common)).toEqual(straight.slice(3, 3 + common));
    expect(code).toBe(1);
    const { tallies } = await readState(folder);
    expect(tallies.get('a')?.cases).toBe(3 + resumed.length);
    expect(tallies.get('a')?.tried).toBeGreaterThan(6 + resumed.length);
    // A failure of before fails the whole.
    const third = await soak([kind('a', never)], '--resume', folder, '--minutes', '0.001');
    expect(third.code).toBe(1);
  });

  it('refuses a state that is none', async () => {
    const { code, said } = await soak([kind('a', never)], '--resume', '/nowhere');
    expect([code, said]).toEqual([1, expect.stringContaining('state.json: there is no such file')]);
  });
});
