import type { Likelihood } from '../../vae/index.js';
import {
  EVALUATION_COLUMNS,
  type Evaluated,
  evaluationNotes,
  evaluationRows,
  klLine,
} from '../evaluate/table.js';
import { escapeHtml } from './html.js';

/** What `pathwise evaluate` has found, as HTML; nothing where it has not been run. */
export function evaluationSection(
  evaluations: readonly Evaluated[],
  { likelihood, latent }: { readonly likelihood: Likelihood; readonly latent: number },
): string {
  if (evaluations.length === 0) return '';
  const rows = evaluations.flatMap(({ about, result }) => evaluationRows(about, result, { latent }));
  const cells = (tag: 'td' | 'th', texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  const head = cells(
    'th',
    EVALUATION_COLUMNS.map(({ title }) => title),
  );
  const body = rows
    .map((row) =>
      cells(
        'td',
        EVALUATION_COLUMNS.map(({ cell }) => cell(row)),
      ),
    )
    .join('');
  const note = (text: string): string => `<p class="note">${escapeHtml(text)}</p>`;
  return `<h2>Evaluation</h2>
${note(evaluationNotes(evaluations, likelihood).join(' '))}
<div class="card"><div class="scroll"><table class="evaluation"><thead>${head}</thead><tbody>${body}</tbody></table></div>
${evaluations.map(({ about, result }) => note(klLine(about, result))).join('')}</div>
`;
}
