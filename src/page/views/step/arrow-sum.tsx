import type { Origin } from '../../../study/by-origin.js';
import type { Arrow } from '../../../study/walk/arrows.js';
import type { NodeSummary, WalkPicture } from '../../shared/walk.js';
import { typesetNumber } from '../../ui/number.js';
import { Table } from '../../ui/table.js';
import { onArrow, titleOf, typesetFloat32, whyCut } from './words.js';

interface Row {
  readonly arrow: Arrow;
  /** The name of the node at its end. */
  readonly end: string;
  /** The gradient there; null where there is none. */
  readonly there: number | null;
}

/** What an arrow is multiplied by. */
function factorOf({ arrow, there }: Row): string {
  if (arrow.isCut) return whyCut(arrow.to);
  if (arrow.local !== null) return onArrow(arrow.local, 6);
  return there === null ? '' : 'many arrows, one for each number there';
}

function productOf({ arrow, there }: Row): string {
  if (arrow.isCut || there === null) return '0';
  return arrow.local === null ? '' : typesetNumber(there * arrow.local.value, 6);
}

/** The gradient of a node as the sum over the arrows that leave it. */
export function ArrowSum(props: {
  readonly node: NodeSummary;
  readonly picture: WalkPicture;
  readonly origin: Origin;
}) {
  const { node, picture, origin } = props;
  const rows = picture.arrows.flatMap((arrow): Row[] => {
    const end = picture.nodes.find(({ id }) => id === arrow.to);
    if (arrow.from !== node.id || end === undefined) return [];
    return [{ arrow, end: titleOf(end), there: end.gradient[origin] }];
  });
  if (rows.length === 0) return null;
  return (
    <Table
      class="arrow-sum"
      rows={rows}
      attributes={({ arrow }) => ({ key: arrow.to, class: arrow.isCut ? 'cut' : undefined })}
      columns={[
        { title: 'arrow from', kind: 'head', cell: ({ end }) => end },
        {
          title: 'gradient there',
          kind: 'number',
          cell: ({ arrow, there }) =>
            there === null ? '0' : arrow.local === null && !arrow.isCut ? '' : typesetFloat32(there),
        },
        { title: 'number on the arrow', cell: factorOf },
        { title: 'product', kind: 'number', cell: productOf },
      ]}
    />
  );
}
