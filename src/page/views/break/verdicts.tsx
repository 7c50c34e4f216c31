import type { CheckResult } from '../../../study/break/checks/result.js';
import type { RunReport } from '../../../study/break/report.js';
import { type CheckName, checks } from '../../../study/break/words.js';
import { formatNumber } from '../../../tensor/format.js';
import { Card } from '../../ui/card.js';
import { Table } from '../../ui/table.js';

const resultOf = ({ checks: results }: RunReport, name: CheckName): CheckResult | undefined =>
  results.find(({ check }) => check === name);

function Verdict({ result }: { readonly result: CheckResult | undefined }) {
  if (result === undefined) return <span class="soft">...</span>;
  const [verb, sign] = result.passed ? ['passes', '\u2713'] : ['fails', '\u2717'];
  return (
    <span class={`says ${verb}`}>
      <span aria-hidden="true">{sign}</span> {verb}
    </span>
  );
}

/** Which checks noticed the mutation, in a sentence for screen readers. */
function summaryOf(wrong: RunReport): string {
  if (wrong.checks.length < checks.length) return 'Checking ...';
  const failed = checks.filter(({ name }) => resultOf(wrong, name)?.passed === false);
  if (failed.length === 0) {
    return 'No check notices it on this model: a decoder that does not use z hides what happens to z. Train a little, and look again.';
  }
  const names = failed
    .map(({ title }) => title.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase()))
    .join(' and ');
  return `Noticed by the ${names}; every other check passes.`;
}

/** The result of each check for both tricks. */
export function Verdicts({ right, wrong }: { readonly right: RunReport; readonly wrong: RunReport }) {
  return (
    <Card title="What the checks say">
      <p role="status">{summaryOf(wrong)}</p>
      <Table
        class="verdicts"
        rows={checks}
        attributes={({ name }) => ({ key: name, 'data-check': name })}
        columns={[
          {
            title: 'check',
            kind: 'head',
            cell: ({ title, question }) => (
              <>
                {title}
                <small>{question}</small>
              </>
            ),
          },
          { title: 'right', cell: ({ name }) => <Verdict result={resultOf(right, name)} /> },
          { title: 'wrong', cell: ({ name }) => <Verdict result={resultOf(wrong, name)} /> },
        ]}
      />
      {checks.map(({ name, title, how }) => {
        const result = resultOf(wrong, name);
        if (result === undefined) return null;
        return (
          <details key={`${name} ${result.passed}`} open={!result.passed}>
            <summary>
              {title}, of the wrong one: {how}
            </summary>
            <p class="message">{result.message}</p>
            {name === 'gradient' && result.message.includes('not deterministic') && (
              <p class="message">
                {result.rows
                  .map(
                    ({ what, expected, found }) =>
                      `${what}: the gradient is ${formatNumber(found)}, the difference ${formatNumber(expected)}`,
                  )
                  .join('\n')}
              </p>
            )}
          </details>
        );
      })}
    </Card>
  );
}
