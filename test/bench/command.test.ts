import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { command } from '../../bench/command.js';
import { suites } from '../../bench/suites/index.js';

const folder = mkdtempSync(join(tmpdir(), 'pathwise-bench-test-'));
const own = mkdtempSync(join(folder, 'tmp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bench command', () => {
  const said = { log: [] as string[], error: [] as string[] };
  beforeEach(() => {
    said.log = [];
    said.error = [];
    vi.spyOn(console, 'log').mockImplementation((line) => void said.log.push(String(line)));
    vi.spyOn(console, 'error').mockImplementation((line) => void said.error.push(String(line)));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('lists its suites', async () => {
    expect(await command(['--help'])).toBe(0);
    for (const { name, doc } of suites) expect(said.log.join('\n')).toContain(`${name.padEnd(10)} ${doc}`);
  });

  it('exits 2 with one line for an unknown suite or option', async () => {
    expect(await command(['speed'])).toBe(2);
    expect(await command(['--loud'])).toBe(2);
    expect(said.error).toHaveLength(2);
    expect(said.error[0]).toBe(
      "bench: no suite is named 'speed'; there are limit, matmul, conv, epoch, contention, small, ops, scale, memory, start, data, gradcheck, page",
    );
    expect(said.error[1]).toMatch(/^bench: Unknown option '--loud'; --help lists the options$/);
    expect(said.log).toEqual([]);
  });

  it('does not measure for a file that it must not overwrite', async () => {
    const file = join(folder, 'old.json');
    writeFileSync(file, 'old');
    expect(await command(['limit', '--quick', '--json', file])).toBe(2);
    expect(said.error).toEqual([
      `bench: --json: ${file} exists already; choose another name, or add --force`,
    ]);
    expect(said.log).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it('exits 2 for a Node that is none', async () => {
    for (const node of ['/nowhere/node', '/bin/true']) {
      expect(await command(['limit', '--quick', '--node', node])).toBe(2);
    }
    expect(said.error[0]).toBe(
      "bench: --node: '/nowhere/node' does not run as Node does; give the path of a Node binary",
    );
  });

  it('ends on Ctrl-C with 130 and leaves no files behind', async () => {
    const files = () => readdirSync(own);
    vi.stubEnv('TMPDIR', own);
    const ended = command(['limit', '--quick']);
    await vi.waitFor(() => expect(files().length).toBe(1), 10_000);
    process.emit('SIGINT');
    expect(await ended).toBe(130);
    expect(said.error).toEqual(['bench: interrupted']);
    expect(files()).toEqual([]);
  });

  it('measures in a process of its own, prints a table and writes all of it', async () => {
    const file = join(folder, 'new.json');
    writeFileSync(file, 'old');
    expect(await command(['limit', '--quick', '--json', file, '--force'])).toBe(0);
    expect(said.log.join('\n')).toMatch(/limit: .*\n +GFLOP\/s +min +max.*\n +1 thread +\d/);
    const report = JSON.parse(readFileSync(file, 'utf8'));
    expect(report).toMatchObject({
      machine: { node: process.version },
      options: { quick: true, repeat: 1, peers: false },
      images: null,
      suites: [{ name: 'limit', missing: [] }],
    });
    expect(report.suites[0].results[0].values.flops.median).toBeGreaterThan(0);
  });
});
