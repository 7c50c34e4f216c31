import { batch } from '@preact/signals';
import { MUTATIONS, type MutationName, mutationWords } from '../../../study/break/words.js';
import { setParam } from '../../state/app.js';

function choose(name: MutationName): void {
  batch(() => {
    setParam('mutation', name);
    // Each mutation has a gradient that shows it best.
    setParam('term', null);
    setParam('tensor', null);
  });
}

/** The choice of mutation. */
export function Choice({ chosen }: { readonly chosen: MutationName }) {
  return (
    <fieldset class="mutations">
      <legend>What to get wrong</legend>
      {MUTATIONS.map((name) => (
        <label key={name} class={name === chosen ? 'chosen' : undefined}>
          <input
            type="radio"
            name="mutation"
            value={name}
            checked={name === chosen}
            onChange={() => choose(name)}
          />
          <span>{mutationWords[name].title}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Line({ kind, code }: { readonly kind: 'right' | 'wrong'; readonly code: string }) {
  return (
    <p class={`line ${kind}`}>
      <span class="sign" aria-hidden="true">
        {kind === 'right' ? '+' : '\u2212'}
      </span>
      <span class="word">{kind}</span>
      <code>{code}</code>
    </p>
  );
}

/** The right and the wrong line, and the effect. */
export function Words({ name }: { readonly name: MutationName }) {
  const { title, right, wrong, explanation } = mutationWords[name];
  return (
    <div class="card">
      <h3>{title}</h3>
      <div class="lines">
        <Line kind="wrong" code={wrong} />
        <Line kind="right" code={right} />
      </div>
      {explanation.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
