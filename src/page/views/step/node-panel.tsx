import { ORIGINS, type Origin } from '../../../study/by-origin.js';
import type { Statement } from '../../../study/walk/explain.js';
import type { NodeSummary, WalkPicture } from '../../shared/walk.js';
import { app } from '../../state/app.js';
import { ask } from '../../state/training.js';
import { Equation, Formula } from '../../ui/equation.js';
import { HeatMap } from '../../ui/heat-map.js';
import { Histogram } from '../../ui/histogram.js';
import { typesetNumber } from '../../ui/number.js';
import { NumberField } from '../../ui/number-field.js';
import { choices, chooseOrigin, choosePosition, goTo, type Moment, type Phase } from './choices.js';
import { useAnswer } from './use-answer.js';

export const ORIGIN_WORDS: Readonly<Record<Origin, string>> = {
  total: 'whole loss L',
  reconstruction: 'reconstruction R',
  kl: 'KL term K',
};

/** A number in all its digits: equal texts mean equal numbers. */
const allDigits = (x: number | null): string => (x === null ? 'none' : Object.is(x, -0) ? '-0' : String(x));

function Numbers({ node, moment, origin }: { node: NodeSummary; moment: Moment; origin: Origin }) {
  const lit = (which: Phase | Origin): string => {
    const isLit = moment.phase === 'forward' ? which === 'forward' : which === origin;
    return isLit ? 'lit' : '';
  };
  return (
    <dl class="numbers">
      <div class={lit('forward')}>
        <dt>value</dt>
        <dd>
          <output data-value>{allDigits(node.value)}</output>
        </dd>
      </div>
      {ORIGINS.map((name) => (
        <div key={name} class={`${lit(name)} ${name}`}>
          <dt>gradient of the {ORIGIN_WORDS[name]}</dt>
          <dd>
            <output data-gradient={name}>{allDigits(node.gradient[name])}</output>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A rule with numbers substituted, and the result. */
function Substituted({ title, statement }: { readonly title: string; readonly statement: Statement }) {
  const { general, left, symbols, numbers, computed, engine } = statement;
  const apart = Math.abs(computed - engine);
  const result = typesetNumber(computed, 7);
  const right = numbers === symbols || numbers === String(computed) ? [symbols] : [symbols, numbers];
  return (
    <section class="rule">
      <h4>{title}</h4>
      <Equation left={left} right={symbols === String(computed) ? [result] : [...right, result]} />
      {general.includes('where(') && (
        <p class="small soft">
          Here one branch of it is taken. In general:{' '}
          <span class="mono">
            <Formula text={general} />
          </span>
        </p>
      )}
      <p class="small soft">
        {apart === 0
          ? 'The engine has this very number.'
          : `The engine has ${typesetNumber(engine, 7)}; the difference of ${typesetNumber(apart, 2)} is rounding, as it adds in another order.`}
      </p>
    </section>
  );
}

/** Names of the rows and columns of a node. */
function shapeNames({ shape, role, group }: NodeSummary, batch: number): readonly [string, string] {
  if (shape.length < 2 || role === 'parameter' || shape[0] !== batch) return ['units', 'inputs'];
  return ['examples', group === 'trick' || group === 'kl' ? 'dimensions' : 'numbers'];
}

function Pictures({
  node,
  picture,
  moment,
  origin,
}: {
  node: NodeSummary;
  picture: WalkPicture;
  moment: Moment;
  origin: Origin;
}) {
  const { epsilon } = choices.value;
  const key = app.still ? `${picture.walk} ${node.id}` : null;
  const { value: arrays, problem } = useAnswer(key, () => ask('walkNode', { epsilon, id: node.id }));
  if (problem !== null)
    return (
      <p class="notice problem" role="alert">
        {problem}
      </p>
    );
  if (arrays === null || arrays.walk !== picture.walk || arrays.id !== node.id) return null;
  const isForward = moment.phase === 'forward';
  const values = isForward ? arrays.value : arrays[origin];
  const what = isForward ? 'Values' : `Gradient of the ${ORIGIN_WORDS[origin]}`;
  if (values === null) {
    return (
      <p class="soft">
        No gradient of the {ORIGIN_WORDS[origin]} reaches {node.label}.
      </p>
    );
  }
  if (values.length === 1) return null;
  const rows = node.shape.length > 1 ? node.shape[0] : 1;
  const columns = values.length / rows;
  const [row, column] = node.shape.length > 1 ? node.element : [0, node.element[0]];
  const isPerExample = node.shape.length === 1 && node.shape[0] === picture.batch;
  return (
    <div class="pictures">
      <HeatMap
        title={what}
        values={values}
        rows={rows}
        columns={columns}
        names={
          node.shape.length > 1
            ? shapeNames(node, picture.batch)
            : ['row', isPerExample ? 'examples' : 'numbers']
        }
        mark={[row, column]}
        onPick={(i, j) =>
          choosePosition(
            isPerExample
              ? { ...choices.value.position, row: j }
              : node.shape.length > 1
                ? { row: i, column: j }
                : { ...choices.value.position, column: j },
          )
        }
      />
      <Histogram
        title="Distribution"
        values={values}
        mark={isForward ? node.value : (node.gradient[origin] ?? 0)}
      />
    </div>
  );
}

/** Selects the element. */
function PositionFields({ node, picture }: { readonly node: NodeSummary; readonly picture: WalkPicture }) {
  const { position } = choices.value;
  const [rowName, columnName] = shapeNames(node, picture.batch);
  const single = (name: string) => name.replace(/s$/, '');
  const whole = (size: number) => (x: number) =>
    Number.isInteger(x) && x >= 0 && x < size ? null : `A whole number from 0 to ${size - 1}.`;
  if (node.shape.length === 0) return <p class="small soft">One number.</p>;
  const isPerExample = node.shape.length === 1 && node.shape[0] === picture.batch;
  return (
    <div class="row place">
      {(node.shape.length > 1 || isPerExample) && (
        <NumberField
          label={isPerExample ? 'example' : single(rowName)}
          value={node.element[0]}
          check={whole(node.shape[0])}
          onCommit={(row) => choosePosition({ ...position, row })}
        />
      )}
      {!isPerExample && (
        <NumberField
          label={node.shape.length > 1 ? single(columnName) : 'number'}
          value={node.element[node.element.length - 1]}
          check={whole(node.shape[node.shape.length - 1])}
          onCommit={(column) => choosePosition({ ...position, column })}
        />
      )}
    </div>
  );
}

export interface NodePanelProps {
  readonly node: NodeSummary;
  readonly picture: WalkPicture;
  readonly moment: Moment;
  readonly origin: Origin;
}

/** Everything about the selected node. */
export function NodePanel({ node, picture, moment, origin }: NodePanelProps) {
  const { epsilon, position } = choices.value;
  const key = app.still ? `${picture.walk} ${node.id} ${node.element} ${origin}` : null;
  const { value: found, problem } = useAnswer(key, () =>
    ask('walkExplain', { epsilon, id: node.id, position, origin }),
  );
  const explanation = found?.node === node.id && found.walk === picture.walk ? found : null;
  const isForward = moment.phase === 'forward';
  const rule = isForward ? explanation?.forward : explanation?.backward;
  const chain = isForward ? null : explanation?.chain;
  const parameters = picture.nodes.filter(({ id, role }) => role === 'parameter' && node.inputs.includes(id));
  const made =
    node.role === 'op'
      ? `made by ${node.op}: ${node.doc}`
      : {
          data: 'the batch',
          noise: 'drawn, and given as an input',
          parameter: 'learned',
          constant: 'a constant',
        }[node.role];
  return (
    <section class="card panel" aria-labelledby="looked-at">
      <h3 id="looked-at">
        {node.label} <span class="small soft">[{node.shape.join(', ')}]</span>
      </h3>
      <p class="small">{made}</p>
      <PositionFields node={node} picture={picture} />
      <Numbers node={node} moment={moment} origin={origin} />
      <fieldset class="origins">
        <legend class="small soft">Gradient by its origin</legend>
        {ORIGINS.map((name) => (
          <label key={name} class={name}>
            <input type="radio" name="origin" checked={name === origin} onChange={() => chooseOrigin(name)} />
            {ORIGIN_WORDS[name]}
          </label>
        ))}
      </fieldset>
      {problem !== null && (
        <p class="notice problem" role="alert">
          {problem}
        </p>
      )}
      {rule && (
        <Substituted
          title={isForward ? 'How the value came about' : 'The rule that gave the gradient'}
          statement={rule}
        />
      )}
      {chain && chain.symbols !== rule?.symbols && (
        <Substituted title="The same, back to dL/dz: the chain rule through the trick" statement={chain} />
      )}
      {!isForward && explanation !== null && explanation.backward === null && (
        <p>
          {node.role === 'op' || node.role === 'parameter'
            ? `No gradient of the ${ORIGIN_WORDS[origin]} reaches ${node.label}.`
            : `${node.label} is given, not learned: backward computes no gradient for it.`}
        </p>
      )}
      <Pictures node={node} picture={picture} moment={moment} origin={origin} />
      {parameters.length > 0 && (
        <p class="row small">
          Its parameters:
          {parameters.map(({ id, label }) => (
            <button key={id} type="button" class="quiet" onClick={() => goTo(id, moment.phase)}>
              {label}
            </button>
          ))}
        </p>
      )}
    </section>
  );
}
