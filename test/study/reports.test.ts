import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTable } from '../../src/cli/table.js';
import { audit, auditReport } from '../../src/study/index.js';
import { decimals, numbers, seriesOf, tableOf, words } from '../../src/study/reports/report.js';

const points = fc.array(
  fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/), x: fc.integer(), y: fc.double() }),
);

describe('a table as data', () => {
  it('has a cell for each row and column, and as many lines in the terminal as rows and two', () => {
    fc.assert(
      fc.property(points, (rows) => {
        const table = tableOf('A title', rows, [
          words('name', ({ name }) => name),
          numbers('x', ({ x }) => x, decimals(1)),
          numbers('y', ({ y }) => y),
        ]);
        expect(table.rows.map(([name]) => name)).toEqual(rows.map(({ name }) => name));
        expect(table.rows.map(([, x]) => x)).toEqual(rows.map(({ x }) => x.toFixed(1)));
        expect(table.columns.map(({ align }) => align)).toEqual(['left', 'right', 'right']);
        const lines = formatTable(table).split('\n');
        expect(lines).toHaveLength(rows.length + 2);
        expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
      }),
    );
  });
});

describe('a curve as data', () => {
  it('has a point for each item, in order', () => {
    fc.assert(
      fc.property(points, (items) => {
        const { name, points: found } = seriesOf(
          'curve',
          items,
          ({ x }) => x,
          ({ y }) => y,
        );
        expect(name).toBe('curve');
        expect(found).toEqual(items.map(({ x, y }) => [x, y]));
      }),
    );
  });
});

describe('auditReport', () => {
  it('says what the loss is, what minimizes the same, and each warning with its link', () => {
    const found = audit({ likelihood: 'mse', reconstruction: 'mean' });
    const { parts, data } = auditReport(found);
    expect(data).toBe(found);
    expect(parts).toHaveLength(3);
    expect(parts[0]).toContain(found.derivation[0]);
    expect(parts[1]).toContain(found.equivalent.command);
    expect(found.warnings.length).toBeGreaterThan(0);
    for (const { title, link } of found.warnings) {
      expect(parts[2]).toContain(title);
      expect(parts[2]).toContain(link.walkthrough);
    }
    expect(auditReport(audit({ likelihood: 'mse' })).parts[2]).toBe('No warnings.');
  });
});
