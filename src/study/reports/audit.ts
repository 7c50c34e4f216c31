import type { Audit } from '../audit/audit.js';
import type { Warning } from '../audit/warnings.js';
import type { Report } from './report.js';

const warningText = ({ title, explanation, link }: Warning): string =>
  `${title}\n  ${explanation.join('\n  ')}\n  See ${link.walkthrough}, or ${link.page} in the page.`;

/** What a loss is, and what is wrong with it. */
export function auditReport(found: Audit): Report {
  const { derivation, equivalent, warnings } = found;
  return {
    name: 'audit',
    parts: [
      `What the loss is, in nats per example:\n${derivation.map((line) => `  ${line}`).join('\n')}`,
      `The same with this library:\n  ${equivalent.command}`,
      warnings.length === 0
        ? 'No warnings.'
        : `${warnings.length} warning${warnings.length === 1 ? '' : 's'}:\n\n${warnings.map(warningText).join('\n\n')}`,
    ],
    charts: {},
    data: found,
  };
}
