import type { Likelihood } from '../../vae/index.js';
import {
  EVALUATION_COLUMNS,
  type Evaluated,
  evaluationNotes,
  evaluationRows,
  klLine,
} from '../evaluate/table.js';
import { escapeHtml, htmlTable } from './html.js';

/** What `pathwise evaluate` has found, as HTML; nothing where it has not been run. */
export function evaluationSection(
  evaluations: readonly Evaluated[],
  { likelihood, latent }: { readonly likelihood: Likelihood; readonly latent: number },
): string {
  if (evaluations.length === 0) return '';
  const rows = evaluations.flatMap(({ about, result }) => evaluationRows(about, result, { latent }));
  const note = (text: string): string => `<p class="note">${escapeHtml(text)}</p>`;
  return `<h2>Evaluation</h2>
${note(evaluationNotes(evaluations, likelihood).join(' '))}
<div class="card">${htmlTable(rows, EVALUATION_COLUMNS)}
${evaluations.map(({ about, result }) => note(klLine(about, result))).join('')}</div>
`;
}
