import { formatNats } from '../../tensor/format.js';

/** Maximum number of bars with labels, and with horizontal labels. */
const NAMED = 24;
const LYING = 10;
/** Height of the highest bar in per cent; the rest is for its number. */
const HIGHEST = 82;

/**
 * KL of each latent dimension as bars, the largest first.
 * @param klPerDimension nats per example
 * @param active which dimensions are active; the others are gray
 */
export function latentBars(klPerDimension: readonly number[], active: readonly boolean[]): string {
  const order = klPerDimension
    .map((_, k) => k)
    .sort((a, b) => klPerDimension[b] - klPerDimension[a] || a - b);
  const highest = Math.max(...klPerDimension, 1e-9);
  const named = order.length <= NAMED;
  const bars = order.map((k) => {
    const kl = klPerDimension[k];
    const state = active[k] ? '' : ' class="idle"';
    const height = ((HIGHEST * Math.max(0, kl)) / highest).toFixed(1);
    const above = named ? `<b style="bottom:${height}%">${kl < 0.005 ? '0' : formatNats(kl)}</b>` : '';
    return `<div${state} title="z${k + 1}: ${kl.toFixed(3)} nats"><i style="height:${height}%"></i>${above}</div>`;
  });
  const names = named
    ? `<div class="names">${order.map((k) => `<span>z${k + 1}</span>`).join('')}</div>`
    : '';
  const many = order.length > LYING ? ' upright' : '';
  return `<div class="dimensions${many}"><div class="bars" role="img" aria-label="KL of each latent dimension in nats, the largest first">${bars.join('')}</div>${names}</div>`;
}
