import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { typesetNumber } from '../../ui/number.js';
import { Table } from '../../ui/table.js';

/** Examples, and draws of each estimator: enough for two digits of a variance within a second or two. */
const BATCH = 8;
const [REFERENCE, DRAWS] = [64, 512];

/** What the score function costs: the variance of its gradient beside the trick's, at the same weights, as it is measured. */
export function Price() {
  const begun = useAsk('estimatorsBegin', app.still ? { batch: BATCH } : null);
  const about = begun.value;
  const drawing = useAsk(
    'estimatorsDraw',
    about === null ? null : { id: about.id, reference: REFERENCE, draws: DRAWS },
    { at: 0, series: about?.id },
  );
  const last = drawing.parts.filter((part) => part.phase === 'draws').at(-1);
  const groupsOf = (name: string) => last?.report.estimators.find((one) => one.name === name)?.groups ?? [];
  const trick = groupsOf('pathwise');
  const rows = groupsOf('score').flatMap(({ group, variance, drawsForOne }) => {
    const own = trick.find((one) => one.group === group)?.variance;
    const isPosterior = group === 'mean' || group === 'logvar';
    return isPosterior && own !== undefined ? [{ group, variance, own, drawsForOne }] : [];
  });
  return (
    <section class="price">
      <h4>Its price is variance</h4>
      {last === undefined ? (
        <p class="small soft">Drawing ...</p>
      ) : (
        <>
          <Table
            rows={rows}
            attributes={({ group }) => ({ key: group })}
            columns={[
              { title: 'gradient by', kind: 'head', cell: ({ group }) => group },
              { title: 'with the trick', kind: 'number', cell: ({ own }) => typesetNumber(own, 2) },
              { title: 'score function', kind: 'number', cell: ({ variance }) => typesetNumber(variance, 2) },
              {
                title: 'times as much',
                kind: 'number',
                cell: ({ drawsForOne }) => <b>{typesetNumber(drawsForOne, 2)}</b>,
              },
            ]}
          />
          <p class="small soft" data-draws={last.done}>
            Variance of a single draw's gradient, over {last.done} draws of epsilon for {about?.batch}{' '}
            examples. Both have the same mean; to be as exact as one draw with the trick, the score function
            has to average so many.
          </p>
        </>
      )}
    </section>
  );
}
