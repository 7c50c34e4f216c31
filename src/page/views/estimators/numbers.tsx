import type { ComponentChildren } from 'preact';
import { estimatorNames } from '../../../study/estimators/names.js';
import type { EstimatorInGroup, EstimatorReport } from '../../../study/estimators/report.js';
import { ENOUGH_AVERAGES } from '../../../study/reports/estimators.js';
import { formatCount, formatNumber } from '../../../tensor/format.js';
import { Card } from '../../ui/card.js';
import { Curve } from '../../ui/curve.js';
import { NumberField, wholeNumber } from '../../ui/fields.js';
import { MarkKey } from '../../ui/marks.js';
import { type Column, Table } from '../../ui/table.js';
import { type Choices, MAX_PRECISION } from './choices.js';
import { params } from './comparison.js';
import { lookOf } from './look.js';

interface NumbersProps {
  readonly report: EstimatorReport;
  readonly choices: Choices;
}

/** Each shown estimator in the chosen group. */
const rowsOf = ({ report, choices: { group, shown } }: NumbersProps) =>
  estimatorNames.flatMap((name) => {
    const found = report.estimators
      .find((one) => one.name === name)
      ?.groups.find((one) => one.group === group);
    return found !== undefined && shown.has(name) ? [{ name, found, look: lookOf(name) }] : [];
  });

/** The number of draws with the variance of `precision` pathwise draws; a dash while unknown. */
function drawsNeeded({ drawsForOne }: EstimatorInGroup, precision: number): string {
  const needed = drawsForOne * precision;
  if (!Number.isFinite(needed)) return '-';
  return needed < 10 ? needed.toPrecision(3) : formatCount(Math.round(needed));
}

const shown = (value: number): string => (Number.isFinite(value) ? formatNumber(value, 3) : '-');

/** For each estimator: its variance, the draws it needs, and its bias. */
export function Numbers(props: NumbersProps) {
  const { report, choices } = props;
  const reference = report.reference.find(({ group }) => group === choices.group);
  type Row = ReturnType<typeof rowsOf>[number];
  const figure = (title: string, cell: (row: Row) => ComponentChildren): Column<Row> => ({
    title,
    kind: 'number',
    cell,
  });
  return (
    <Card
      title="In numbers"
      note={
        <>
          Variance, signal / noise and cosine are of one draw. The bias is that of the mean of all draws along
          the reference, which has {report.referenceSamples} pathwise draws of its own; above about 4 it is
          more than chance. The decoder's own gradient is not compared: to the decoder z is data, so every
          estimator gives it the same.
        </>
      }
    >
      <Table
        label="The estimators in numbers"
        class="wide"
        caption={
          <>
            Gradient by {choices.group}{' '}
            <small>
              {reference && formatCount(reference.size)} numbers, length{' '}
              {shown(reference?.length ?? Number.NaN)}
            </small>
          </>
        }
        rows={rowsOf(props)}
        attributes={({ name }) => ({ key: name })}
        columns={[
          {
            title: 'estimator',
            kind: 'head',
            class: () => 'estimator',
            cell: ({ look }) => (
              <>
                <MarkKey mark={look.mark} color={look.color} /> {look.title}
              </>
            ),
          },
          figure('draws needed', ({ name, found }) => (
            <span data-draws={name}>{drawsNeeded(found, choices.precision)}</span>
          )),
          figure('variance', ({ found }) => shown(found.variance)),
          figure('signal / noise', ({ found }) => shown(found.at[0].signalToNoise)),
          figure('cosine', ({ found }) => shown(found.at[0].cosine)),
          figure('bias, in standard errors', ({ name, found }) => (
            <span data-bias={name}>
              {Number.isFinite(found.biasInErrors) ? found.biasInErrors.toFixed(1) : '-'}
            </span>
          )),
        ]}
      />
      <div class="precision">
        <NumberField
          label="precision, in draws of pathwise"
          value={choices.precision}
          check={wholeNumber(1, MAX_PRECISION)}
          onCommit={(precision) => params.set({ precision })}
        />
      </div>
    </Card>
  );
}

/** The variance of the average of K draws. */
export function VarianceCurve(props: NumbersProps) {
  const series = rowsOf(props).map(({ found, look }) => {
    const at = found.at.filter(({ averages }) => averages >= ENOUGH_AVERAGES);
    return {
      label: look.title,
      x: at.map(({ samples }) => samples),
      y: at.map(({ variance }) => variance),
      color: look.color,
      dashed: look.dashed,
      marks: 'both' as const,
    };
  });
  return (
    <div class="card">
      <Curve
        title="Variance of the average of K draws"
        note={`gradient by ${props.choices.group}; as measured, with ${ENOUGH_AVERAGES} averages or more`}
        xLabel="K"
        series={series}
        logX
        logY
        height={240}
      />
      <p class="small soft">
        All fall as 1 / K; estimators differ in how high their lines begin. One that begins 1000 times higher
        needs 1000 draws to come down to where the other starts.
      </p>
    </div>
  );
}
