import { isNoise, withEdit } from '../../../study/walk/epsilon-text.js';
import { formatFloat32 } from '../../../tensor/format.js';
import type { NodeSummary } from '../../shared/walk.js';
import { NumberField } from '../../ui/fields.js';
import { chosenEpsilon, chooseEpsilon as set } from './params.js';

/** The noise of the walk: that of the step, another draw, or none, with any element set by hand. */
export function EpsilonPanel({ node, isOpen }: { readonly node: NodeSummary; readonly isOpen: boolean }) {
  const choice = chosenEpsilon();
  const { base, edits } = choice;
  const [example, dimension] = node.element;
  const isEdited = edits.some((edit) => edit.example === example && edit.dimension === dimension);
  const redraw = typeof base === 'string' ? 0 : base.redraw;
  const bases = [
    ['From this step', base === 'frozen', 'frozen'],
    [redraw === 0 ? 'Draw anew' : `Draw anew (${redraw})`, redraw > 0, { redraw: redraw + 1 }],
    ['Zero', base === 'zero', 'zero'],
  ] as const;
  return (
    <details class="noise" open={isOpen}>
      <summary>Noise: {bases.find(([, isChosen]) => isChosen)?.[0].toLowerCase()}</summary>
      <p class="small">
        Epsilon is an input: held fixed, the loss is an ordinary function of mean and logvar. Set to zero, z
        is the mean, and no gradient of the reconstruction reaches logvar.
      </p>
      <div class="row">
        {bases.map(([words, isChosen, next]) => (
          <button
            key={String(next)}
            type="button"
            aria-pressed={isChosen}
            onClick={() => set({ ...choice, base: next })}
          >
            {words}
          </button>
        ))}
      </div>
      <div class="row edit">
        <NumberField
          key={`${example} ${dimension}`}
          label={`epsilon of example ${example}, dimension ${dimension}`}
          value={Number(formatFloat32(node.value))}
          check={(x) => (isNoise(x) ? null : 'Needs a number of at most 3.4e38.')}
          onCommit={(x) => set(withEdit(choice, example, dimension, x))}
        />
        {isEdited && (
          <button type="button" onClick={() => set(withEdit(choice, example, dimension, null))}>
            Take back
          </button>
        )}
      </div>
      {edits.length > 0 && (
        <p class="small">
          {edits.length} element{edits.length === 1 ? '' : 's'} set by hand.{' '}
          <button type="button" class="quiet" onClick={() => set({ base, edits: [] })}>
            Take all back
          </button>
        </p>
      )}
    </details>
  );
}
