import type { CloudSeries } from './cloud-scale.js';

type Mark = CloudSeries['mark'];

/** The outline of a mark about (0, 0), as an SVG path; `r` is about its radius. */
export function markPath(mark: Mark, r: number): string {
  switch (mark) {
    case 'disc':
      return `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;
    case 'square':
      return `M${-r} ${-r}H${r}V${r}H${-r}Z`;
    case 'diamond':
      return `M0 ${-1.3 * r}L${1.3 * r} 0L0 ${1.3 * r}L${-1.3 * r} 0Z`;
    case 'cross':
      return `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`;
    case 'triangle':
      return `M0 ${-1.2 * r}L${1.1 * r} ${0.8 * r}L${-1.1 * r} ${0.8 * r}Z`;
  }
}

/** Whether a mark is filled; the others are outlines, so that overlapping series stay visible. */
export const isFilled = (mark: Mark): boolean => mark === 'disc' || mark === 'diamond';

/** The mark as it appears in the drawing, for use in text. */
export function MarkKey({ mark, color }: Pick<CloudSeries, 'mark' | 'color'>) {
  return (
    <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true" class={`mark-key stroke-${color}`}>
      <path d={markPath(mark, 4.5)} class={isFilled(mark) ? '' : 'hollow'} />
    </svg>
  );
}
