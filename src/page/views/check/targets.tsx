import type { Shape } from '../../../tensor/shape.js';
import type { CheckTarget } from '../../shared/check.js';
import { useLive } from '../../state/live.js';
import { choice, chooseTarget } from './choice.js';

/** `[4, 2]` as `4 × 2`. */
const sizes = (shape: Shape): string => (shape.length === 0 ? '1' : shape.join(' × '));

/** The stages from x to the loss, with their parameters and nodes. */
const STATIONS: readonly {
  readonly title: string;
  readonly parameters: RegExp | null;
  readonly nodes: readonly string[];
}[] = [
  { title: 'Encoder', parameters: /^encoder\./, nodes: [] },
  { title: 'Posterior', parameters: /^(mean|logvar)\./, nodes: ['mean', 'logvar'] },
  {
    title: 'The trick',
    parameters: null,
    nodes: ['logvar / 2', 'sigma', 'epsilon', 'sigma * epsilon', 'z'],
  },
  { title: 'Decoder', parameters: /^(decoder|likelihood)\./, nodes: ['output'] },
];

function Target({ name, shape, kind }: CheckTarget & { readonly kind: 'node' | 'parameter' }) {
  return (
    <button
      type="button"
      class={`target ${kind}`}
      aria-pressed={choice.value.target === name}
      onClick={() => chooseTarget(name)}
    >
      {name} <small>{sizes(shape)}</small>
    </button>
  );
}

/** Every node of the trick and every parameter, in the order of the forward pass. */
export function Targets() {
  const { value, problem } = useLive('checkTargets', {});
  if (problem !== null) return <p role="alert">{problem}</p>;
  return (
    <ol class="stations">
      {STATIONS.map(({ title, parameters, nodes }) => (
        <li key={title}>
          <h4>{title}</h4>
          <div class="row">
            {value?.nodes
              .filter(({ name }) => nodes.includes(name))
              .map((target) => (
                <Target key={target.name} kind="node" {...target} />
              ))}
            {value?.parameters
              .filter(({ name }) => parameters?.test(name))
              .map((target) => (
                <Target key={target.name} kind="parameter" {...target} />
              ))}
          </div>
        </li>
      ))}
    </ol>
  );
}
