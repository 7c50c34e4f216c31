import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { settingsOf } from '../../../src/cli/flags.js';
import { outputFlags, print } from '../../../src/cli/study/study.js';
import type { Values } from '../../../src/nn/schema/index.js';
import type { Report } from '../../../src/study/index.js';
import { temporaryFolder } from '../harness.js';

const place = await temporaryFolder();
const report: Report = {
  name: 'example',
  parts: [
    'A sentence.',
    {
      title: 'A table',
      columns: [
        { title: 'name', align: 'left' },
        { title: 'value', align: 'right' },
      ],
      rows: [['x', '1.5']],
    },
  ],
  charts: { curve: { title: 'c', x: { label: 'x' }, y: { label: 'y' }, series: [] } },
  data: { value: 1.5, missing: Number.NaN },
};

async function printed(flags: Partial<Values<typeof outputFlags>>): Promise<string> {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const error = vi.spyOn(console, 'error').mockReturnValue();
  try {
    await print(report, settingsOf(outputFlags, flags));
    return log.mock.calls.flat().join('\n');
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

describe('print', () => {
  it('prints sentences and tables, or one JSON object', async () => {
    expect(await printed({})).toBe('A sentence.\n\nA table\n\nname  value\n----  -----\nx       1.5');
    expect(JSON.parse(await printed({ json: true }))).toEqual({ value: 1.5, missing: 'NaN' });
  });

  it('writes charts and numbers to a folder', async () => {
    const out = join(place, 'a', 'b');
    await printed({ out });
    expect(await readdir(out)).toEqual(['curve.svg', 'example.json']);
    expect(JSON.parse(await readFile(join(out, 'example.json'), 'utf8'))).toEqual({
      value: 1.5,
      missing: 'NaN',
    });
    expect(await readFile(join(out, 'curve.svg'), 'utf8')).toMatch(/^<svg/);
  });

  it('overwrites nothing unless told to, and then writes nothing at all', async () => {
    const out = await temporaryFolder();
    await writeFile(join(out, 'example.json'), 'mine');
    await expect(printed({ out })).rejects.toThrow(
      /example\.json exists already, and nothing was written.*--force/,
    );
    expect(await readdir(out)).toEqual(['example.json']);
    expect(await readFile(join(out, 'example.json'), 'utf8')).toBe('mine');
    await printed({ out, force: true });
    expect(await readFile(join(out, 'example.json'), 'utf8')).toContain('1.5');
  });

  it('says so when the folder is a file', async () => {
    const out = join(place, 'file');
    await writeFile(out, '');
    await expect(printed({ out })).rejects.toThrow(/is a file, not a folder/);
  });
});
