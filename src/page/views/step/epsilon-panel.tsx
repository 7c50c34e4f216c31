import { formatEpsilon, withEdit } from '../../../study/walk/epsilon-text.js';
import type { NodeSummary } from '../../shared/walk.js';
import { NumberField } from '../../ui/number-field.js';
import { choices, chooseEpsilonText, readEpsilon } from './choices.js';

/** The noise of the walk: that of the step, another draw, or none, with any element set by hand. */
export function EpsilonPanel({ node }: { readonly node: NodeSummary }) {
  const choice = readEpsilon(choices.value.epsilon);
  const { base, edits } = choice;
  const [example, dimension] = node.element;
  const isEdited = edits.some((edit) => edit.example === example && edit.dimension === dimension);
  const set = (next: typeof choice): void => chooseEpsilonText(formatEpsilon(next));
  const redraw = typeof base === 'string' ? 0 : base.redraw;
  return (
    <section class="card noise" aria-labelledby="noise">
      <h3 id="noise">Noise</h3>
      <p class="small">
        Epsilon is an input: held fixed, the loss is an ordinary function of mean and logvar. Set to zero, z
        is the mean, and no gradient of the reconstruction reaches logvar.
      </p>
      <div class="row">
        <button
          type="button"
          aria-pressed={base === 'frozen'}
          onClick={() => set({ ...choice, base: 'frozen' })}
        >
          Of this step
        </button>
        <button
          type="button"
          aria-pressed={redraw > 0}
          onClick={() => set({ ...choice, base: { redraw: redraw + 1 } })}
        >
          {redraw === 0 ? 'Draw anew' : `Draw anew (${redraw})`}
        </button>
        <button type="button" aria-pressed={base === 'zero'} onClick={() => set({ ...choice, base: 'zero' })}>
          Zero
        </button>
      </div>
      <div class="row edit">
        <NumberField
          key={`${example} ${dimension}`}
          label={`epsilon of example ${example}, dimension ${dimension}`}
          value={node.value}
          check={(x) => (Number.isFinite(x) ? null : 'Needs a finite number.')}
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
    </section>
  );
}
