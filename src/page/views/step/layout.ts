/** A node to draw. */
export interface LaidNode {
  readonly id: string;
  readonly label: string;
  readonly inputs: readonly string[];
  readonly group: string;
  readonly role: string;
}

/** A place in units of the drawing; of a node, its centre. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Where a text stands, and which of its ends. */
export interface Anchored extends Spot {
  readonly anchor: 'start' | 'end';
}

export interface LaidEdge {
  readonly from: string;
  readonly to: string;
  /** Paths from the start to the end; a long edge is drawn as two stubs, each beside its node. */
  readonly paths: readonly string[];
  /** The names at the far ends of stubs. */
  readonly names: readonly (Anchored & { readonly text: string })[];
  /** Where the number on it stands: beside its start. */
  readonly label: Anchored;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly spots: ReadonlyMap<string, Spot>;
  readonly edges: readonly LaidEdge[];
}

export const BOX = { width: 96, height: 46 };
const [HALF_WIDTH, HALF_HEIGHT] = [BOX.width / 2, BOX.height / 2];
const LANE = 108;
const ROW = 76;
/** An edge goes straight down this far, beside its number, before it turns. */
const STRAIGHT = 14;
/** Room on the left for edges that go around the nodes, and for stubs. */
const LEFT = 46;
const TOP = 6;
/** The length of a stub, and the space between two that leave one node. */
const STUB = 18;
const STACK = 15;
/** Rows that an edge may go around; a longer one is drawn as stubs. */
const MAX_DETOUR = 3;
/** Between the points where edges leave one node. */
const PORT = 22;

/** Lanes: mean, logvar to sigma, noise, KL. What comes before and after the trick is between the first two. */
function laneOf({ id, group, role }: LaidNode): number {
  if (id === 'mean') return 0;
  if (role === 'noise' || id === 'log-q' || id === 'score-term') return 2;
  if (id === 'R-as-a-number') return 1.5;
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
function direct({ x, y }: Spot, to: Spot): string {
  const [start, end] = [y + HALF_HEIGHT, to.y - HALF_HEIGHT];
  const turn = to.y - ROW + HALF_HEIGHT + STRAIGHT;
  const middle = (turn + end) / 2;
  return `M${x} ${start}V${turn}C${x} ${middle} ${to.x} ${middle} ${to.x} ${end}`;
}

/** Around the nodes in between, on the left. */
function around(from: Spot, to: Spot, margin: number): string {
  const [start, end] = [from.x - HALF_WIDTH, to.x - HALF_WIDTH];
  return `M${start} ${from.y}H${margin + 10}Q${margin} ${from.y} ${margin} ${from.y + 10}V${to.y - 10}Q${margin} ${to.y} ${margin + 10} ${to.y}H${end}`;
}

/** The point where an edge leaves its start, and where its number stands: beside that, or between two others beside its end. */
function portOf(from: Spot, to: Spot, k: number, count: number): { start: Spot; label: Anchored } {
  const start = { x: from.x + PORT * (k - (count - 1) / 2), y: from.y };
  if (k > 0 && k < count - 1)
    return { start, label: { x: to.x - 9, y: to.y - HALF_HEIGHT - 5, anchor: 'end' } };
  // In the last lane there is no room at the right.
  const anchor = (count > 1 && k === 0) || from.x >= LEFT + HALF_WIDTH + 3 * LANE ? 'end' : 'start';
  return {
    start,
    label: { x: start.x + (anchor === 'end' ? -10 : 10), y: from.y + HALF_HEIGHT + 13, anchor },
  };
}

/** The edges between nodes at their places. */
function edgesOf(
  nodes: readonly LaidNode[],
  spots: ReadonlyMap<string, Spot>,
  isBlocked: (from: Spot, to: Spot) => boolean,
): LaidEdge[] {
  const at = (id: string): Spot => spots.get(id) ?? { x: 0, y: 0 };
  const nameOf = (id: string): string => nodes.find((node) => node.id === id)?.label ?? id;
  let detours = 0;
  const pairs = nodes.flatMap(({ id, inputs }) => inputs.map((from) => ({ from, to: id })));
  return pairs.map(({ from, to }, i): LaidEdge => {
    const leaving = pairs
      .filter((pair) => pair.from === from && !isBlocked(at(from), at(pair.to)))
      .toSorted((a, b) => at(a.to).x - at(b.to).x);
    const k = leaving.findIndex((pair) => pair.to === to);
    const [a, b] = [at(from), at(to)];
    const { start, label } = portOf(a, b, Math.max(0, k), leaving.length);
    if (k >= 0) return { from, to, paths: [direct(start, b)], names: [], label };
    if (b.y - a.y <= MAX_DETOUR * ROW) {
      const path = around(a, b, LEFT - 17 + 5 * (detours++ % 4));
      return {
        from,
        to,
        paths: [path],
        names: [],
        label: { ...label, x: a.x - HALF_WIDTH - 4, anchor: 'end' },
      };
    }
    const [out, into] = [a.x + HALF_WIDTH, b.x - HALF_WIDTH];
    const above = pairs.slice(0, i).filter((pair) => pair.from === from && isBlocked(a, at(pair.to)));
    const y = a.y + STACK * above.length;
    return {
      from,
      to,
      paths: [`M${out} ${y}h${STUB}`, `M${into - STUB} ${b.y}H${into}`],
      names: [
        { x: out + STUB + 5, y: y + 4, anchor: 'start', text: nameOf(to) },
        { x: into - STUB - 5, y: b.y + 4, anchor: 'end', text: nameOf(from) },
      ],
      label: { x: out + 4, y: y + 18, anchor: 'start' },
    };
  });
}

/** Places the nodes of a walk in lanes and rows, top to bottom, and draws the edges. */
export function layOut(nodes: readonly LaidNode[]): Layout {
  const rows = rowsOf(nodes);
  const spots = new Map(
    nodes.map((node): [string, Spot] => [
      node.id,
      {
        x: LEFT + HALF_WIDTH + LANE * laneOf(node),
        y: TOP + HALF_HEIGHT + ROW * (rows.get(node.id) ?? 0),
      },
    ]),
  );
  const places = [...spots.values()];
  const isBlocked = (from: Spot, to: Spot): boolean =>
    places.some(({ x, y }) => Math.abs(x - from.x) < HALF_WIDTH && y > from.y && y < to.y);
  return {
    width: Math.max(0, ...places.map(({ x }) => x)) + HALF_WIDTH + 4,
    height: 2 * TOP + BOX.height + ROW * Math.max(0, ...rows.values()),
    spots,
    edges: edgesOf(nodes, spots, isBlocked),
  };
}

/** Places one node between those that it comes from and those that take it, for a column too narrow for the whole. */
export function layOutAround(nodes: readonly LaidNode[], id: string): Layout {
  const own = nodes.find((node) => node.id === id);
  const above = nodes.filter((node) => own?.inputs.includes(node.id));
  const below = nodes.filter(({ inputs }) => inputs.includes(id));
  const middle = own === undefined ? [] : [own];
  const width = LANE * Math.max(3, above.length, below.length);
  const spots = new Map<string, Spot>();
  const rows = [above, middle, below].filter(({ length }) => length > 0);
  for (const [row, members] of rows.entries()) {
    members.forEach((node, i) => {
      const x = width / 2 + LANE * (i - (members.length - 1) / 2);
      spots.set(node.id, { x, y: TOP + HALF_HEIGHT + ROW * row });
    });
  }
  const near = [...above.map((node) => ({ ...node, inputs: [] })), ...middle];
  const takers = below.map((node) => ({ ...node, inputs: [id] }));
  return {
    width,
    height: 2 * TOP + BOX.height + (rows.length - 1) * ROW,
    spots,
    edges: edgesOf([...near, ...takers], spots, () => false),
  };
}

/** A label in lines that fit into a box. */
export function linesOf(label: string, max = 14): string[] {
  const lines: string[] = [];
  for (const word of label.split(/(?<=[ .-])/)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && (last + word).trimEnd().length <= max) lines[lines.length - 1] = last + word;
    else lines.push(word);
  }
  return lines.map((line) => line.trimEnd());
}
