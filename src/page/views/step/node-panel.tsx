import { ORIGINS, type Origin } from '../../../study/by-origin.js';
import type { Explanation, Statement } from '../../../study/walk/explain.js';
import type { Axis, NodeSummary, WalkPicture } from '../../shared/walk.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { Card, Problem } from '../../ui/card.js';
import { Equation, Formula } from '../../ui/equation.js';
import { NumberField, wholeNumber } from '../../ui/fields.js';
import { HeatMap } from '../../ui/heat-map.js';
import { Histogram } from '../../ui/histogram.js';
import { typesetNumber } from '../../ui/number.js';
import { ArrowSum } from './arrow-sum.js';
import { Digits } from './digits.js';
import { EpsilonPanel } from './epsilon-panel.js';
import {
  chooseElement,
  chosenPosition,
  chosenWalk,
  goTo,
  type Moment,
  params,
  unfoldedParts,
} from './params.js';
import { Price } from './price.js';
import { WindowCard } from './windows.js';
import { hasNoGradient, ORIGIN_WORDS, titleOf, typesetFloat32, whatIs } from './words.js';

export interface NodePanelProps {
  readonly node: NodeSummary;
  readonly picture: WalkPicture;
  readonly moment: Moment;
  readonly origin: Origin;
}

/** Data and noise are given: backward computes no gradient for them. */
const isGiven = ({ role }: NodeSummary): boolean => ['data', 'noise', 'constant'].includes(role);

/** A gradient in all its digits; 0 where no path leads from the node to the loss. */
const gradientText = (node: NodeSummary, origin: Origin): string => {
  const gradient = node.gradient[origin];
  if (gradient !== null) return typesetFloat32(gradient);
  return hasNoGradient(node.role) ? 'none' : '0';
};

/** The gradients by their origin: of these numbers, the chosen one is followed. */
function Gradients({ node, origin }: Pick<NodePanelProps, 'node' | 'origin'>) {
  return (
    <fieldset class="numbers">
      <legend class="hidden">Gradient by its origin</legend>
      {ORIGINS.map((name) => (
        <label key={name} class={`of-${name} ${name === origin ? 'lit' : ''}`}>
          <span>
            <input
              type="radio"
              name="origin"
              checked={name === origin}
              onChange={() => params.set({ origin: name })}
            />{' '}
            of the {ORIGIN_WORDS[name]}
          </span>
          <b data-gradient={name}>{gradientText(node, name)}</b>
        </label>
      ))}
    </fieldset>
  );
}

/** A rule with numbers substituted, and the result. */
function Substituted({ title, statement }: { readonly title: string; readonly statement: Statement }) {
  const { left, symbols, numbers, computed } = statement;
  const isNumber = symbols === String(computed);
  const right = numbers === symbols || numbers === String(computed) ? [symbols] : [symbols, numbers];
  const result = typesetFloat32(computed);
  return (
    <section class="rule">
      <h4>{title}</h4>
      <Equation left={left} right={isNumber ? [result] : [...right, result]} />
    </section>
  );
}

/** Whether the engine has the number that the formula comes to. */
function Comparison({ statement: { general, computed, engine } }: { readonly statement: Statement }) {
  const apart = Math.abs(computed - engine);
  return (
    <>
      {general.includes('where(') && (
        <p>
          Only one branch is taken at this element. In general:{' '}
          <span class="mono">
            <Formula text={general} />
          </span>
        </p>
      )}
      <p>
        {apart === 0
          ? 'The engine has exactly this number.'
          : `The engine has ${typesetFloat32(engine)}; the difference of ${typesetNumber(apart, 2)} is rounding: it adds in another order.`}
      </p>
    </>
  );
}

const plural = (axis: Axis | undefined): string => (axis === undefined ? 'numbers' : `${axis}s`);

/** All numbers of a node, or of one example where they are an image. */
function Pictures({ node, picture, moment, origin }: NodePanelProps) {
  const { shape, axes, element } = node;
  const areImages = shape.length === 4;
  const example = areImages && node.role !== 'parameter' ? element[0] : 0;
  const asked = app.still ? { ...chosenWalk(), id: node.id, example } : null;
  const { value: arrays, problem } = useAsk('walkNode', asked);
  if (problem !== null) return <Problem text={problem} />;
  if (arrays === null || arrays.walk !== picture.walk || arrays.id !== node.id) return null;
  if (arrays.example !== example) return null;
  const isForward = moment.phase === 'forward';
  const values = isForward ? arrays.value : arrays[origin];
  if (values === null || values.length === 1) return null;
  const title = isForward ? 'Values' : `Gradient of the ${ORIGIN_WORDS[origin]}`;
  const { image } = app;
  const [size, last] = [image.rows * image.columns, element[element.length - 1]];
  const isImage = axes.at(-1) === 'pixel' && shape.at(-1) === size && shape.length <= 2;
  const from = isImage && shape.length === 2 ? element[0] * size : 0;
  const histogram = (
    <Histogram
      title="Distribution"
      values={values}
      mark={isForward ? node.value : (node.gradient[origin] ?? 0)}
    />
  );
  if (areImages) {
    const [first, second, row, column] = element;
    const [, n, rows, columns] = shape;
    const at = ((node.role === 'parameter' ? first * n : 0) + second) * rows * columns;
    return (
      <div class="pictures image">
        <HeatMap
          title={`${title}, ${axes[0]} ${first}, ${axes[1]} ${second}`}
          values={values.subarray(at, at + rows * columns)}
          rows={rows}
          columns={columns}
          names={['rows', 'columns']}
          mark={[row, column]}
          onPick={(row, column) => chooseElement(['row', 'column'], [row, column])}
        />
        {histogram}
      </div>
    );
  }
  return (
    <div class={isImage ? 'pictures image' : 'pictures'}>
      {isImage ? (
        <HeatMap
          title={shape.length === 2 ? `${title} of ${axes[0]} ${element[0]}` : title}
          values={values.subarray(from, from + size)}
          {...image}
          names={['rows', 'columns']}
          mark={[Math.floor(last / image.columns), last % image.columns]}
          onPick={(row, column) => chooseElement(['pixel'], [row * image.columns + column])}
        />
      ) : (
        <HeatMap
          title={title}
          values={values}
          rows={shape.length > 1 ? shape[0] : 1}
          columns={shape.length > 1 ? values.length / shape[0] : values.length}
          names={[shape.length > 1 ? plural(axes[0]) : 'row', plural(axes.at(-1))]}
          mark={shape.length > 1 ? [element[0], element[1]] : [0, element[0]]}
          onPick={(row, column) => chooseElement(axes, shape.length > 1 ? [row, column] : [column])}
        />
      )}
      {histogram}
    </div>
  );
}

/** Selects the element. */
function PlaceFields({ node: { axes, shape, element } }: { readonly node: NodeSummary }) {
  if (shape.length === 0) return null;
  return (
    <div class="row place">
      {axes.map((axis, d) => (
        <NumberField
          key={axis}
          label={axis}
          value={element[d]}
          check={wholeNumber(0, shape[d] - 1)}
          onCommit={(next) => chooseElement([axis], [next])}
        />
      ))}
    </div>
  );
}

/** What holds at this node where the trick is missing. */
function Missing({
  node: { id, gradient },
  picture: { trick, batch },
}: Pick<NodePanelProps, 'node' | 'picture'>) {
  if (trick === 'with') return null;
  const isPosterior = id === 'mean' || id === 'logvar';
  if (trick === 'score' && isPosterior) {
    const rule = id === 'mean' ? 'epsilon / sigma' : '(epsilon² − 1) / 2';
    return (
      <p>
        The derivative of log q(z) by {id} is {rule}, held at the draw. Times R of the example, over the{' '}
        {batch} examples, that is the score function's estimate: no derivative passes z or the decoder.
      </p>
    );
  }
  if (id === 'z' && trick === 'score')
    return <p>None is computed: the score function takes the value of R at the draw, not its derivative.</p>;
  if (id === 'z')
    return <p>The gradient stops here: z is a draw, and a draw has no derivative by mean or sigma.</p>;
  if (isPosterior)
    return (
      <p>
        The arrow from z is cut, so the reconstruction sends nothing: 0. Only the KL reaches {id}, and
        training draws the cloud to N(0, 1), whatever the image.
      </p>
    );
  return gradient.total === null ? <p>No arrow arrives: the gradient is 0.</p> : null;
}

/** The words and formulas of the engine. */
function Inside(props: NodePanelProps & { readonly explanation: Explanation | null }) {
  const { node, picture, moment, explanation } = props;
  const isForward = moment.phase === 'forward';
  const rule = isForward ? explanation?.forward : explanation?.backward;
  const parameters = picture.nodes.filter(({ id, role }) => role === 'parameter' && node.inputs.includes(id));
  return (
    <details class="inside small">
      <summary>In the engine</summary>
      <p>
        {node.label}, {node.shape.length === 0 ? 'one number' : `shape [${node.shape.join(', ')}]`}
        {node.role === 'op' && `, made by ${node.op}: ${node.doc}`}
      </p>
      {rule && !isForward && explanation?.chain && (
        <Substituted title="The rule for the gradient" statement={rule} />
      )}
      {rule && <Comparison statement={rule} />}
      <p>
        After {picture.at} step{picture.at === 1 ? '' : 's'}: the {picture.batch} examples and the noise of
        the next step, at beta {picture.beta}.
      </p>
      {parameters.length > 0 && (
        <p class="row">
          Its parameters:
          {parameters.map(({ id, label }) => (
            <button key={id} type="button" class="quiet" onClick={() => goTo({ id, phase: moment.phase })}>
              {label}
            </button>
          ))}
        </p>
      )}
    </details>
  );
}

/** What the chain rule leads back to. The KL's term does not pass z. */
const CHAIN_WORDS: Readonly<Record<Origin, string>> = {
  total: 'The same, back to z and to the KL: the chain rule',
  reconstruction: 'The same, back to z: the chain rule through the trick',
  kl: "The same for the KL's term, which does not pass z",
};

function Backward(props: NodePanelProps & { readonly explanation: Explanation | null }) {
  const { node, picture, origin, explanation } = props;
  if (isGiven(node)) return <p>{node.label} is given, not learned: backward computes no gradient for it.</p>;
  const { chain, backward } = explanation ?? {};
  const isStart = picture.starts[origin] === node.id;
  return (
    <>
      {node.id === 'loss' && (
        <p>
          The gradient at a node says how the loss answers to the number there: raise that number by a small
          h, and the loss rises by about h times the gradient. At the loss itself it is 1.
        </p>
      )}
      <Gradients node={node} origin={origin} />
      <Missing node={node} picture={picture} />
      {isStart ? (
        node.id !== 'loss' && <p>The backward pass of the {ORIGIN_WORDS[origin]} starts here, with 1.</p>
      ) : (
        <ArrowSum node={node} picture={picture} origin={origin} />
      )}
      {chain && picture.trick === 'with' && <Substituted title={CHAIN_WORDS[origin]} statement={chain} />}
      {backward && !chain && !isStart && <Substituted title="The rule" statement={backward} />}
      {picture.trick === 'with' && node.group === 'trick' && node.gradient[origin] === null && (
        <p class="soft">
          No gradient of the {ORIGIN_WORDS[origin]} passes {titleOf(node)}.
        </p>
      )}
    </>
  );
}

/** Everything about the selected node. */
export function NodePanel({ node, picture, moment, origin }: NodePanelProps) {
  const asked = {
    ...chosenWalk(),
    id: node.id,
    position: chosenPosition(),
    origin,
    unfolded: unfoldedParts(),
  };
  const { value: found, problem } = useAsk('walkExplain', app.still ? asked : null);
  const explanation = found?.node === node.id && found.walk === picture.walk ? found : null;
  const isForward = moment.phase === 'forward';
  const forward = isForward ? explanation?.forward : null;
  const epsilon = picture.nodes.find(({ id }) => id === 'epsilon');
  const all = { node, picture, moment, origin };
  return (
    <Card
      class={isForward && node.role === 'data' ? 'panel beginning' : 'panel'}
      title={
        <>
          {titleOf(node)} <span class="value">= </span>
          <output data-value>{typesetFloat32(node.value)}</output>
        </>
      }
      actions={<PlaceFields node={node} />}
    >
      {isForward && <p>{whatIs(node)}</p>}
      {isForward && node.role === 'data' && <Digits picture={picture} />}
      <Problem text={problem} />
      {forward && <Substituted title="How it is computed" statement={forward} />}
      {!isForward && <Backward {...all} explanation={explanation} />}
      <Pictures {...all} />
      <WindowCard {...all} />
      {picture.trick === 'score' && <Price />}
      {epsilon && <EpsilonPanel node={epsilon} isOpen={node.group === 'trick'} />}
      <Inside {...all} explanation={explanation} />
    </Card>
  );
}
