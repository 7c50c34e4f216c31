/** A node to draw. */
export interface LaidNode {
  readonly id: string;
  readonly inputs: readonly string[];
  readonly group: string;
  readonly role: string;
}

/** The centre of a node, in units of the drawing. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly spots: ReadonlyMap<string, Spot>;
  readonly edges: readonly { readonly from: string; readonly to: string; readonly path: string }[];
}

export const BOX = { width: 92, height: 48 };
const LANE = 98;
const ROW = 70;
/** Room on the left for edges that go around the nodes. */
const LEFT = 20;
const TOP = 6;

/** Lanes: mean, logvar to sigma, noise, KL. What comes before and after the trick is between the first two. */
function laneOf({ id, group, role }: LaidNode): number {
  if (id === 'mean') return 0;
  if (role === 'noise') return 2;
  if (group === 'kl') return 3;
  if (group === 'loss') return 1.5;
  if (id.startsWith('logvar') || (group === 'trick' && id !== 'z')) return 1;
  return 0.5;
}

/** Each node is below its inputs; noise is just above the node that uses it. */
function rowsOf(nodes: readonly LaidNode[]): Map<string, number> {
  const rows = new Map<string, number>();
  for (const { id, inputs } of nodes) {
    rows.set(id, inputs.length === 0 ? 0 : 1 + Math.max(...inputs.map((input) => rows.get(input) ?? 0)));
  }
  for (const { id, role } of nodes) {
    if (role !== 'noise') continue;
    const takers = nodes.filter(({ inputs }) => inputs.includes(id)).map((node) => rows.get(node.id) ?? 1);
    rows.set(id, Math.min(...takers) - 1);
  }
  return rows;
}

/** Straight down, then across in the gap above the next node. */
function direct(from: Spot, to: Spot): string {
  const [start, end] = [from.y + BOX.height / 2, to.y - BOX.height / 2];
  const turn = to.y - ROW + BOX.height / 2;
  const middle = (turn + end) / 2;
  // A segment of length 0 would give its arrow no direction.
  const down = turn > start ? `V${turn}` : '';
  return `M${from.x} ${start}${down}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${end}`;
}

/** Around the nodes in between, on the left. */
function around(from: Spot, to: Spot, margin: number): string {
  const [start, end] = [from.x - BOX.width / 2, to.x - BOX.width / 2];
  return `M${start} ${from.y}H${margin + 10}Q${margin} ${from.y} ${margin} ${from.y + 10}V${to.y - 10}Q${margin} ${to.y} ${margin + 10} ${to.y}H${end}`;
}

/** Places the nodes of a walk in lanes and rows, top to bottom, and draws the edges. */
export function layOut(nodes: readonly LaidNode[]): Layout {
  const rows = rowsOf(nodes);
  const spots = new Map(
    nodes.map((node): [string, Spot] => [
      node.id,
      {
        x: LEFT + BOX.width / 2 + LANE * laneOf(node),
        y: TOP + BOX.height / 2 + ROW * (rows.get(node.id) ?? 0),
      },
    ]),
  );
  const at = (id: string): Spot => spots.get(id) ?? { x: 0, y: 0 };
  let detours = 0;
  const edges = nodes.flatMap(({ id, inputs }) =>
    inputs.map((input) => {
      const [from, to] = [at(input), at(id)];
      const isBlocked = nodes.some((other) => {
        const { x, y } = at(other.id);
        return Math.abs(x - from.x) < BOX.width / 2 && y > from.y && y < to.y;
      });
      const path = isBlocked ? around(from, to, 3 + 5 * (detours++ % 4)) : direct(from, to);
      return { from: input, to: id, path };
    }),
  );
  const last = Math.max(0, ...rows.values());
  const right = Math.max(0, ...[...spots.values()].map(({ x }) => x));
  return {
    width: right + BOX.width / 2 + 4,
    height: 2 * TOP + BOX.height + ROW * last,
    spots,
    edges,
  };
}

/** A label in lines that fit into a box. */
export function linesOf(label: string, max = 13): string[] {
  const lines: string[] = [];
  for (const word of label.split(/(?<=[ .-])/)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && (last + word).trimEnd().length <= max) lines[lines.length - 1] = last + word;
    else lines.push(word);
  }
  return lines.map((line) => line.trimEnd());
}
