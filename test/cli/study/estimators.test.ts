import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EstimatorStudy, estimatorNames, estimatorReport } from '../../../src/study/index.js';
import { inProcess, temporaryFolder } from '../harness.js';

const place = await temporaryFolder();
const FEW = ['--samples', '64', '--reference', '64', '--batch', '4'];

describe('pathwise study estimators', () => {
  it('compares all estimators on a model made on the spot, in numbers, tables and charts', async () => {
    const out = join(place, 'estimators');
    const { code, out: printed } = await inProcess('study', 'estimators', ...FEW, '--out', out, '--json');
    expect(code).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      'cosine.svg',
      'estimators.json',
      'temperature.svg',
      'variance.svg',
    ]);
    const found = JSON.parse(printed) as EstimatorStudy & { readonly batch: number };
    expect(JSON.parse(await readFile(join(out, 'estimators.json'), 'utf8'))).toEqual(found);
    expect(found).toMatchObject({
      batch: 4,
      group: 'encoder',
      report: { samples: 64, referenceSamples: 64 },
    });
    expect(found.report.estimators.map(({ name }) => name)).toEqual(estimatorNames);
    const score = found.report.estimators.find(({ name }) => name === 'score')?.groups ?? [];
    expect(score.length).toBe(5);
    for (const { drawsForOne } of score) expect(drawsForOne).toBeGreaterThan(20);
    expect(found.detached.every(({ detachedReconstruction }) => detachedReconstruction === 0)).toBe(true);

    // Every table has a cell for each of its columns, and says its numbers.
    const setting = { subject: 'a model', batch: 4, beta: 1, seed: 0, group: 'encoder' };
    const { parts, charts } = estimatorReport(found, setting);
    expect(parts.length).toBe(13);
    for (const table of parts) {
      if (typeof table === 'string') continue;
      expect(table.rows.length).toBeGreaterThan(3);
      for (const row of table.rows) expect(row.length).toBe(table.columns.length);
      expect(JSON.stringify(table.rows)).not.toMatch(/NaN|undefined/);
    }
    for (const { series } of Object.values(charts)) {
      for (const { points } of series) expect(points.length).toBeGreaterThan(2);
    }
  });

  it('refuses what it does not know', async () => {
    const { code, err } = await inProcess('study', 'estimators', '--group', 'all');
    expect(code).toBe(2);
    expect(err).toContain('mean head');
    expect((await inProcess('study', 'estimators', '--samples', '1')).code).toBe(2);
    expect((await inProcess('study', 'estimators', join(place, 'none'))).code).toBe(1);
  });
});
