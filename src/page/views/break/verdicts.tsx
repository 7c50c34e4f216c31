import type { CheckResult } from '../../../study/break/checks/result.js';
import type { RunReport } from '../../../study/break/report.js';
import { type CheckName, checks } from '../../../study/break/words.js';
import { formatNumber } from '../../../tensor/format.js';
import { Columns } from '../../ui/columns.js';

const resultOf = ({ checks: results }: RunReport, name: CheckName): CheckResult | undefined =>
  results.find(({ check }) => check === name);

function Verdict({ result }: { readonly result: CheckResult | undefined }) {
  if (result === undefined) return <span class="soft">...</span>;
  return result.passed ? (
    <span class="says passes">
      <span aria-hidden="true">{'\u2713'}</span> passes
    </span>
  ) : (
    <span class="says fails">
      <span aria-hidden="true">{'\u2717'}</span> fails
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
    <div class="card">
      <h3>What the checks say</h3>
      <p role="status">{summaryOf(wrong)}</p>
      <table class="verdicts">
        <Columns text={['check', 'right', 'wrong']} numbers={[]} />
        <tbody>
          {checks.map(({ name, title, question }) => (
            <tr key={name} data-check={name}>
              <th scope="row">
                {title}
                <small>{question}</small>
              </th>
              <td>
                <Verdict result={resultOf(right, name)} />
              </td>
              <td>
                <Verdict result={resultOf(wrong, name)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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
    </div>
  );
}
