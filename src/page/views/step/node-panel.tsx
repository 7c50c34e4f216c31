import { ORIGINS, type Origin } from '../../../study/by-origin.js';
import type { Statement } from '../../../study/walk/explain.js';
import type { NodeSummary, WalkPicture } from '../../shared/walk.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { Card, Problem } from '../../ui/card.js';
import { Equation, Formula } from '../../ui/equation.js';
import { NumberField, wholeNumber } from '../../ui/fields.js';
import { HeatMap } from '../../ui/heat-map.js';
import { Histogram } from '../../ui/histogram.js';
import { typesetNumber } from '../../ui/number.js';
import { choosePosition, chosenPosition, goTo, type Moment, type Phase, params } from './params.js';

const ORIGIN_WORDS: Readonly<Record<Origin, string>> = {
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
          Only one branch is taken here. In general:{' '}
          <span class="mono">
            <Formula text={general} />
          </span>
        </p>
      )}
      <p class="small soft">
        {apart === 0
          ? 'The engine has exactly this number.'
          : `The engine has ${typesetNumber(engine, 7)}; the difference of ${typesetNumber(apart, 2)} is rounding: it adds in another order.`}
      </p>
    </section>
  );
}

/** How the elements of a node are laid out: rows and columns, with the names of both. */
interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly names: readonly [rows: string, columns: string];
  /** The element looked at. */
  readonly mark: readonly [row: number, column: number];
  /** Whether a list has one number for each example, so that its columns are the rows of the batch. */
  readonly isPerExample: boolean;
}

function gridOf({ shape, element, role, group }: NodeSummary, batch: number): Grid {
  const [first = 1, ...others] = shape;
  if (shape.length > 1) {
    const inner = group === 'trick' || group === 'kl' ? 'dimensions' : 'numbers';
    const names =
      role !== 'parameter' && first === batch
        ? (['examples', inner] as const)
        : (['units', 'inputs'] as const);
    const columns = others.reduce((size, n) => size * n, 1);
    return { rows: first, columns, names, mark: [element[0], element[1]], isPerExample: false };
  }
  const isPerExample = shape[0] === batch;
  const names = ['row', isPerExample ? 'examples' : 'numbers'] as const;
  return { rows: 1, columns: first, names, mark: [0, element[0] ?? 0], isPerExample };
}

/** Chooses an element of a grid by its row and column. */
function chooseIn({ rows, isPerExample }: Grid, row: number, column: number): void {
  const position = chosenPosition();
  if (isPerExample) choosePosition({ ...position, row: column });
  else choosePosition(rows > 1 ? { row, column } : { ...position, column });
}

function NoGradient({ node, origin }: Pick<NodePanelProps, 'node' | 'origin'>) {
  return (
    <p class="soft">
      No gradient of the {ORIGIN_WORDS[origin]} reaches {node.label}.
    </p>
  );
}

function Pictures({ node, picture, moment, origin }: NodePanelProps) {
  const { epsilon } = params.value;
  const { value: arrays, problem } = useAsk('walkNode', app.still ? { epsilon, id: node.id } : null);
  if (problem !== null) return <Problem text={problem} />;
  if (arrays === null || arrays.walk !== picture.walk || arrays.id !== node.id) return null;
  const isForward = moment.phase === 'forward';
  const values = isForward ? arrays.value : arrays[origin];
  if (values === null) return <NoGradient node={node} origin={origin} />;
  if (values.length === 1) return null;
  const grid = gridOf(node, picture.batch);
  return (
    <div class="pictures">
      <HeatMap
        title={isForward ? 'Values' : `Gradient of the ${ORIGIN_WORDS[origin]}`}
        values={values}
        {...grid}
        onPick={(row, column) => chooseIn(grid, row, column)}
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
function PositionFields({ node, picture }: Pick<NodePanelProps, 'node' | 'picture'>) {
  if (node.shape.length === 0) return <p class="small soft">One number.</p>;
  const grid = gridOf(node, picture.batch);
  const { rows, columns, names, mark } = grid;
  const [row, column] = mark;
  const single = (name: string) => name.replace(/s$/, '');
  return (
    <div class="row place">
      {node.shape.length > 1 && (
        <NumberField
          label={single(names[0])}
          value={row}
          check={wholeNumber(0, rows - 1)}
          onCommit={(next) => chooseIn(grid, next, column)}
        />
      )}
      <NumberField
        label={single(names[1])}
        value={column}
        check={wholeNumber(0, columns - 1)}
        onCommit={(next) => chooseIn(grid, row, next)}
      />
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
  const { epsilon } = params.value;
  const asked = { epsilon, id: node.id, position: chosenPosition(), origin };
  const { value: found, problem } = useAsk('walkExplain', app.still ? asked : null);
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
    <Card
      class="panel"
      title={
        <>
          {node.label} <span class="small soft">[{node.shape.join(', ')}]</span>
        </>
      }
    >
      <p class="small">{made}</p>
      <PositionFields node={node} picture={picture} />
      <Numbers node={node} moment={moment} origin={origin} />
      <fieldset class="origins">
        <legend class="small soft">Gradient by its origin</legend>
        {ORIGINS.map((name) => (
          <label key={name} class={name}>
            <input
              type="radio"
              name="origin"
              checked={name === origin}
              onChange={() => params.set({ origin: name })}
            />
            {ORIGIN_WORDS[name]}
          </label>
        ))}
      </fieldset>
      <Problem text={problem} />
      {rule && (
        <Substituted
          title={isForward ? 'How the value is computed' : 'The rule for the gradient'}
          statement={rule}
        />
      )}
      {chain && chain.symbols !== rule?.symbols && (
        <Substituted title="The same, back to dL/dz: the chain rule through the trick" statement={chain} />
      )}
      {!isForward &&
        explanation?.backward === null &&
        (node.role === 'op' || node.role === 'parameter' ? (
          <NoGradient node={node} origin={origin} />
        ) : (
          <p>{node.label} is given, not learned: backward computes no gradient for it.</p>
        ))}
      <Pictures node={node} picture={picture} moment={moment} origin={origin} />
      {parameters.length > 0 && (
        <p class="row small">
          Its parameters:
          {parameters.map(({ id, label }) => (
            <button key={id} type="button" class="quiet" onClick={() => goTo({ id, phase: moment.phase })}>
              {label}
            </button>
          ))}
        </p>
      )}
    </Card>
  );
}
