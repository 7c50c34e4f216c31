import type { GradientPair } from '../../../study/break/gradients.js';
import { formatNumber } from '../../../tensor/format.js';
import { setParam } from '../../state/app.js';
import { Columns } from '../../ui/columns.js';
import { Curve } from '../../ui/curve.js';
import { Scroll } from '../../ui/scroll.js';
import { GRADIENT_TENSORS, GRADIENT_TERMS, type GradientTensor, type GradientTerm } from './params.js';

const TERM_WORDS: Readonly<Record<GradientTerm, string>> = {
  reconstruction: 'reconstruction',
  kl: 'KL',
  loss: 'loss',
};

/** Differences below this are rounding to float32. */
const SAME = 1e-5;

/** How the wrong gradient compares with the right one, in words. */
function relation({ rightNorm, wrongNorm, cosine, ratio, difference }: GradientPair): string {
  if (rightNorm === 0 && wrongNorm === 0) return 'none in either';
  if (wrongNorm === 0) return 'gone';
  if (difference < SAME) return 'the same';
  if (cosine !== null && ratio !== null && Math.abs(Math.abs(cosine) - 1) < SAME)
    return `times ${formatNumber(ratio)}`;
  return cosine === null ? 'different' : `turned: cosine ${cosine.toFixed(3)}`;
}

function Picker<T extends string>(props: {
  readonly label: string;
  readonly param: string;
  readonly options: readonly T[];
  readonly chosen: T;
  readonly words: (option: T) => string;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a row of buttons with its legend beside them
    <div class="row picker" role="group" aria-label={props.label}>
      <span class="soft small">{props.label}</span>
      {props.options.map((option) => (
        <button
          type="button"
          key={option}
          aria-pressed={option === props.chosen}
          onClick={() => setParam(props.param, option)}
        >
          {props.words(option)}
        </button>
      ))}
    </div>
  );
}

/** Each element of a gradient as a point: the right one across, the wrong one up. */
function Scatter({ pair, title }: { readonly pair: GradientPair; readonly title: string }) {
  if (pair.values === null) return null;
  const { right, wrong } = pair.values;
  const order = Array.from(right.keys()).sort((a, b) => right[a] - right[b]);
  const [low, high] = [right[order[0]], right[order[order.length - 1]]];
  return (
    <Curve
      title={title}
      note="each element a point: right across, wrong up"
      xLabel="right gradient"
      height={240}
      series={[
        {
          label: 'where the two are the same',
          x: [low, high],
          y: [low, high],
          color: 'accent',
          dashed: true,
        },
        {
          label: 'right and wrong',
          x: order.map((i) => right[i]),
          y: order.map((i) => wrong[i]),
          color: 'second',
          marks: 'points',
        },
      ]}
    />
  );
}

function Rows({ pairs }: { readonly pairs: readonly GradientPair[] }) {
  return (
    <Scroll label="Norms of gradients">
      <table>
        <Columns text={['of', 'by', 'the wrong one is']} numbers={['right', 'wrong']} />
        <tbody>
          {pairs.map((pair) => (
            <tr key={`${pair.term} ${pair.tensor}`} data-gradient={`${pair.term} ${pair.tensor}`}>
              <td>{pair.term === 'kl' ? 'KL' : pair.term}</td>
              <th scope="row">{pair.tensor}</th>
              <td class={pair.difference < SAME ? 'soft' : 'differs'}>{relation(pair)}</td>
              <td class="number">{formatNumber(pair.rightNorm)}</td>
              <td class="number">{formatNumber(pair.wrongNorm)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The gradients of both tricks: one of them element by element, all of them by their norms. */
export function Gradients(props: {
  readonly pairs: readonly GradientPair[];
  readonly examples: number;
  readonly term: GradientTerm;
  readonly tensor: GradientTensor;
}) {
  const { pairs, examples, term, tensor } = props;
  const pair = pairs.find((one) => one.term === term && one.tensor === tensor);
  const inner = pairs.filter(({ values }) => values !== null);
  const title = `d ${TERM_WORDS[term]} / d ${tensor}`;
  return (
    <div class="card">
      <h3>What changes in the gradients</h3>
      <div class="row">
        <Picker
          label="of"
          param="term"
          options={GRADIENT_TERMS}
          chosen={term}
          words={(option) => TERM_WORDS[option]}
        />
        <Picker
          label="by"
          param="tensor"
          options={GRADIENT_TENSORS}
          chosen={tensor}
          words={(option) => option}
        />
      </div>
      {pair && pair.rightNorm === 0 && pair.wrongNorm === 0 ? (
        <p>{title}: there is none, in either. The closed-form KL does not depend on z.</p>
      ) : (
        pair && <Scatter pair={pair} title={title} />
      )}
      <h4>
        Norms <small class="soft">over {examples} examples of the next batch</small>
      </h4>
      <Rows pairs={inner.filter(({ rightNorm, wrongNorm }) => rightNorm > 0 || wrongNorm > 0)} />
      <details>
        <summary>By the parameters</summary>
        <Rows pairs={pairs.filter(({ values }) => values === null)} />
      </details>
    </div>
  );
}
