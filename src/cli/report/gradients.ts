import { messageOf } from '../../tensor/describe.js';
import { formatError } from '../../tensor/format.js';
import { sizeOf } from '../../tensor/shape.js';
import { checkedTerms, checkVae, type VaeCheck, type VaeCheckOptions } from '../../vae/check.js';
import type { VAEConfig } from '../../vae/config.js';
import { escapeHtml } from './html.js';

const TOLERANCE = 1e-7;

/** The time of a check grows with the square of the depth: the report must not keep a finished training waiting. */
const MAX_CHECKED_LAYERS = 4;

/** A small model of the same kind: as many layers, up to a few, the same activation and likelihood. */
function inSmall(model: VAEConfig): VAEConfig {
  const shape = model.shape === null ? null : [model.shape[0], 3, 4];
  const narrow = (widths: readonly number[]): number[] =>
    widths.slice(0, MAX_CHECKED_LAYERS).map((_, i) => Math.max(2, 4 - i));
  return {
    ...model,
    features: shape === null ? 5 : sizeOf(shape),
    shape,
    hidden: narrow(model.hidden),
    channels: narrow(model.channels),
    latent: Math.min(2, model.latent),
    classes: model.classes && Math.min(3, model.classes),
    components: Math.min(3, model.components),
    couplings: Math.min(2, model.couplings),
  };
}

/** Hidden layers of the encoder. */
const layersOf = ({ body, channels, hidden }: VAEConfig): number =>
  hidden.length + (body === 'conv' ? channels.length : 0);

/**
 * The section on gradients: those of a small model of the same kind, checked.
 * @param check makes the check
 */
export function gradientSection(model: VAEConfig, seed: number, check: typeof checkVae = checkVae): string {
  try {
    // A flow has hundreds of numbers, each of which takes four passes.
    const mode = model.posterior === 'flow' ? 'directions' : 'elements';
    const checks = check({ config: inSmall(model), mode, seed, tolerance: TOLERANCE });
    const summary = gradientSummary(checks, layersOf(model), mode);
    return `<p class="note">${summary}</p>\n<div class="card">${gradientTable(checks)}</div>`;
  } catch (error) {
    // A finished training has its report, whatever its check comes to.
    return `<p class="note">This check was left out: ${escapeHtml(messageOf(error))}.</p>`;
  }
}

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

/** A summary of the table in a sentence. @param layers hidden layers of the trained model */
export function gradientSummary(
  checks: readonly VaeCheck[],
  layers: number,
  mode: VaeCheckOptions['mode'] = 'elements',
): string {
  const failed = checks.filter(({ passed }) => !passed).length;
  const worst = formatError(checks.reduce((max, check) => Math.max(max, check.worst), 0));
  const result =
    failed === 0
      ? `<span class="good">All ${checks.length} agree</span>: the largest relative error is ${worst}`
      : `<span class="bad">${failed} of ${checks.length} disagree</span>: the largest relative error is ${worst}`;
  const depth =
    layers > MAX_CHECKED_LAYERS
      ? `${MAX_CHECKED_LAYERS} of its ${layers} hidden layers, for time`
      : 'as many layers';
  return (
    `Gradients from backpropagation against central differences in float64${mode === 'directions' ? ', along a random direction of each tensor' : ''}, with ε held fixed, on a small model of the same ` +
    `kind (${depth}, the same activation and likelihood). ${result}, and ${formatError(TOLERANCE)} is allowed.`
  );
}
