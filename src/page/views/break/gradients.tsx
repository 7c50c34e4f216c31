import type { GradientPair } from '../../../study/break/gradients.js';
import { formatNumber } from '../../../tensor/format.js';
import { Card } from '../../ui/card.js';
import { Curve } from '../../ui/curve.js';
import { Picker } from '../../ui/fields.js';
import { Table } from '../../ui/table.js';
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
    <Table
      label="Norms of gradients"
      rows={pairs}
      attributes={({ term, tensor }) => ({ key: `${term} ${tensor}`, 'data-gradient': `${term} ${tensor}` })}
      columns={[
        { title: 'of', cell: ({ term }) => TERM_WORDS[term] },
        { title: 'by', kind: 'head', cell: ({ tensor }) => tensor },
        {
          title: 'the wrong one is',
          class: ({ difference }) => (difference < SAME ? 'soft' : 'differs'),
          cell: relation,
        },
        { title: 'right', kind: 'number', cell: ({ rightNorm }) => formatNumber(rightNorm) },
        { title: 'wrong', kind: 'number', cell: ({ wrongNorm }) => formatNumber(wrongNorm) },
      ]}
    />
  );
}

/** The gradients of both tricks: one of them element by element, all of them by their norms. */
export function Gradients(props: {
  readonly pairs: readonly GradientPair[];
  readonly examples: number;
  readonly term: GradientTerm;
  readonly tensor: GradientTensor;
  onChoose(chosen: { term?: GradientTerm; tensor?: GradientTensor }): void;
}) {
  const { pairs, examples, term, tensor, onChoose } = props;
  const pair = pairs.find((one) => one.term === term && one.tensor === tensor);
  const inner = pairs.filter(({ values }) => values !== null);
  const title = `d ${TERM_WORDS[term]} / d ${tensor}`;
  return (
    <Card title="What changes in the gradients">
      <div class="row">
        <Picker
          label="of"
          options={GRADIENT_TERMS.map((name) => [name, TERM_WORDS[name]])}
          isChosen={(name) => name === term}
          onChoose={(name) => onChoose({ term: name })}
        />
        <Picker
          label="by"
          options={GRADIENT_TENSORS.map((name) => [name, name])}
          isChosen={(name) => name === tensor}
          onChoose={(name) => onChoose({ tensor: name })}
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
    </Card>
  );
}
