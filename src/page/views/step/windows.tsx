import type { Origin } from '../../../study/by-origin.js';
import type { Result } from '../../shared/protocol.js';
import type { NodeSummary, WalkPicture } from '../../shared/walk.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { Problem } from '../../ui/card.js';
import { HeatMap } from '../../ui/heat-map.js';
import { typesetNumber } from '../../ui/number.js';
import { chooseElement, chosenPosition, chosenWalk, goTo, type Moment } from './params.js';

type Found = Result<'walkWindow'>;
type Cell = number | null;

/** The tint of a number in a table: as in the pictures, but light enough to be read on. */
function tintOf(x: number, largest: number): string {
  const share = Math.round(40 * Math.sqrt(Math.abs(x) / (largest || 1)));
  return `color-mix(in srgb, var(--${x < 0 ? 'second' : 'accent'}) ${share}%, var(--card))`;
}

/** Few numbers as a picture: row after row. */
function Matrix(props: {
  readonly title: string;
  readonly cells: readonly Cell[];
  readonly columns: number;
}) {
  const { title, cells, columns } = props;
  const largest = Math.max(...cells.map((x) => Math.abs(x ?? 0)));
  const rows = Array.from({ length: cells.length / columns }, (_, r) =>
    cells.slice(r * columns, (r + 1) * columns),
  );
  return (
    <table class="taps">
      <caption>{title}</caption>
      <tbody>
        {rows.map((row, r) => (
          <tr key={r}>
            {row.map((x, c) => (
              <td key={c} style={x === null ? undefined : { background: tintOf(x, largest) }}>
                {x === null ? <span class="soft">none</span> : typesetNumber(x, 3)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What an element is the sum of. */
function OfElement({
  found,
  node,
}: {
  readonly found: NonNullable<Found['of']>;
  readonly node: NodeSummary;
}) {
  const { taps, columns, input, channels, sums, bias, total, isRectified, image, patch, source, weight } =
    found;
  const products = taps.map(({ value, weight }) => (value === null ? null : value * weight));
  const sum = typesetNumber(sums[input], 4);
  return (
    <section class="windows" aria-label="The window of this element">
      <h4>{channels === 1 ? 'What it reads' : `What it reads of input channel ${input} of ${channels}`}</h4>
      <div class="row">
        <Matrix title="patch" columns={columns} cells={taps.map(({ value }) => value)} />
        <span aria-hidden="true">×</span>
        <Matrix title="filter" columns={columns} cells={taps.map((tap) => tap.weight)} />
        <span aria-hidden="true">=</span>
        <Matrix title="products" columns={columns} cells={products} />
      </div>
      <p>
        The products add up to {sum}
        {channels > 1 && `, those of all ${channels} input channels to ${typesetNumber(total - bias, 4)}`}.
        With the bias {typesetNumber(bias, 4)} that is {typesetNumber(total, 4)}
        {isRectified && total < 0 && ', and below 0 ReLU makes it 0'}.
        {taps.some(({ value }) => value === null) && ' Where it says none, the filter lies on no pixel.'}
      </p>
      <div class="pictures">
        <HeatMap
          title={`${source}, channel ${input}, and the patch`}
          {...image}
          names={['rows', 'columns']}
          {...(patch && { mark: patch })}
        />
        {channels > 1 && (
          <HeatMap
            title="Sum of the products by input channel"
            values={sums}
            rows={1}
            columns={channels}
            names={['row', 'input channels']}
            mark={[0, input]}
            onPick={(_, channel) => chooseElement(['input'], [channel])}
          />
        )}
      </div>
      <p class="row">
        <button
          type="button"
          class="quiet"
          onClick={() => {
            chooseElement(['channel', 'input'], [node.element[1], input]);
            goTo({ id: weight, phase: 'backward' });
          }}
        >
          Where the filter's gradient comes from
        </button>
      </p>
    </section>
  );
}

/** Where the gradient at a weight comes from. */
function OfWeight(props: {
  readonly found: NonNullable<Found['weight']>;
  readonly example: number;
  readonly total: number;
}) {
  const { found, example, total } = props;
  const { node, rows, columns, gradients, values, products, sums } = found;
  const grid = { rows, columns, names: ['rows', 'columns'] } as const;
  return (
    <section class="windows" aria-label="Where the gradient at this weight comes from">
      <h4>Where it comes from</h4>
      <p>
        The weight takes part once at each place: there the gradient at {node} times the number that the
        weight met. Over image {example} the products add up to {typesetNumber(sums[example], 4)}; over all{' '}
        {sums.length} images, to {typesetNumber(total, 4)}.
      </p>
      <div class="pictures">
        <HeatMap title={`Gradient at ${node}`} values={gradients} {...grid} />
        <HeatMap title="Number that the weight met" values={values} {...grid} />
        <HeatMap title="Products" values={products} {...grid} />
        <HeatMap
          title="Sum by image"
          values={sums}
          rows={1}
          columns={sums.length}
          names={['row', 'images']}
          mark={[0, example]}
          onPick={(_, image) => chooseElement(['example'], [image])}
        />
      </div>
    </section>
  );
}

/** The windows of a convolution: of an element of it forward, of a weight backward. */
export function WindowCard(props: {
  readonly node: NodeSummary;
  readonly picture: WalkPicture;
  readonly moment: Moment;
  readonly origin: Origin;
}) {
  const { node, picture, moment, origin } = props;
  const isForward = moment.phase === 'forward';
  const isAsked = app.still && (isForward ? node.op.startsWith('conv') : node.role === 'parameter');
  const asked = { ...chosenWalk(), id: node.id, position: chosenPosition(), origin };
  const { value, problem } = useAsk('walkWindow', isAsked ? asked : null);
  if (problem !== null) return <Problem text={problem} />;
  if (!isAsked || value === null || value.walk !== picture.walk || value.id !== node.id) return null;
  if (isForward) return value.of && <OfElement found={value.of} node={node} />;
  const example = Math.min(chosenPosition().example, picture.batch - 1);
  return (
    value.weight && <OfWeight found={value.weight} example={example} total={node.gradient[origin] ?? 0} />
  );
}
