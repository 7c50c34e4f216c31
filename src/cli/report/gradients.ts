import { formatError } from '../../tensor/format.js';
import { checkedTerms, checkVae, type VaeCheck } from '../../vae/check.js';
import type { VAEConfig } from '../../vae/config.js';
import { escapeHtml } from './html.js';

const TOLERANCE = 1e-7;

/** A small model of the same kind: as many layers, the same activation and likelihood. */
const inSmall = (model: VAEConfig): Partial<VAEConfig> => ({
  features: 5,
  hidden: model.hidden.map((_, i) => Math.max(2, 4 - i)),
  latent: Math.min(2, model.latent),
  activation: model.activation,
  likelihood: model.likelihood,
  sigma: model.sigma,
  learnSigma: model.learnSigma,
});

/** Checks the gradients of a small model of the same kind. */
export const checkSmallModel = (model: VAEConfig, seed: number): VaeCheck[] =>
  checkVae({ config: inSmall(model), seed, tolerance: TOLERANCE });

const cell = (check: VaeCheck | undefined): string => {
  if (check === undefined) return '<td></td>';
  const text = formatError(check.worst);
  return `<td class="${check.passed ? '' : 'bad'}" title="${escapeHtml(check.message)}">${check.passed ? text : `${text} ✗`}</td>`;
};

/** A table of worst relative errors: a row for each tensor, a column for each term. */
export function gradientTable(checks: readonly VaeCheck[]): string {
  const names = [...new Set(checks.map(({ withRespectTo }) => withRespectTo))];
  const find = (name: string, term: string): VaeCheck | undefined =>
    checks.find((check) => check.withRespectTo === name && check.term === term);
  const head = ['gradient by', 'numbers', 'KL', 'recon&shy;struction', 'loss'];
  const rows = names.map(
    (name) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${find(name, 'loss')?.elements ?? ''}</td>` +
      `${checkedTerms.map((term) => cell(find(name, term))).join('')}</tr>`,
  );
  return `<div class="scroll"><table class="gradients"><thead><tr>${head.map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}

/** A summary of the table in a sentence. */
export function gradientSummary(checks: readonly VaeCheck[]): string {
  const failed = checks.filter(({ passed }) => !passed).length;
  const worst = formatError(checks.reduce((max, check) => Math.max(max, check.worst), 0));
  const result =
    failed === 0
      ? `<span class="good">All ${checks.length} agree</span>: the largest relative error is ${worst}`
      : `<span class="bad">${failed} of ${checks.length} disagree</span>: the largest relative error is ${worst}`;
  return (
    `Gradients from backpropagation against central differences in float64, with ε held fixed, on a small model of the same ` +
    `kind (as many layers, the same activation and likelihood). ${result}, and ${formatError(TOLERANCE)} is allowed.`
  );
}
