import type { Shape } from '../../../tensor/shape.js';
import { useAsk } from '../../state/ask.js';
import { params } from './params.js';

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

interface TargetProps {
  readonly name: string;
  readonly shape: Shape;
  readonly kind: 'node' | 'parameter';
}

function Target({ name, shape, kind }: TargetProps) {
  return (
    <button
      type="button"
      class={`target ${kind}`}
      aria-pressed={params.value.target === name}
      onClick={() => params.set({ target: name, element: null })}
    >
      {name} <small>{sizes(shape)}</small>
    </button>
  );
}

/** Every node of the trick and every parameter, in the order of the forward pass. */
export function Targets() {
  const { value, problem } = useAsk('checkTargets', {});
  if (problem !== null) return <p role="alert">{problem}</p>;
  return (
    <ol class="stations">
      {STATIONS.map(({ title, parameters, nodes }) => (
        <li key={title}>
          <h4>{title}</h4>
          <div class="row">
            {value?.nodes.map(
              ({ name, shape }) =>
                nodes.includes(name) && <Target key={name} kind="node" name={name} shape={shape} />,
            )}
            {value?.parameters.map(
              ({ name, shape }) =>
                parameters?.test(name) && <Target key={name} kind="parameter" name={name} shape={shape} />,
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
