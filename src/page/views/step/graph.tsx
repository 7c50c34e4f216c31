import type { Origin } from '../../../study/by-origin.js';
import type { Foldable } from '../../../study/walk/fold.js';
import type { NodeSummary, WalkPicture } from '../../shared/walk.js';
import { typesetNumber } from '../../ui/number.js';
import { BOX, type LaidNode, layOut, linesOf, type Spot } from './layout.js';
import { goTo, type Moment, type Phase } from './params.js';

export interface GraphProps {
  readonly picture: WalkPicture;
  readonly moment: Moment;
  /** Ids that the pass has reached, including the selected one. */
  readonly passed: ReadonlySet<string>;
  readonly origin: Origin;
  readonly unfolded: readonly Foldable[];
}

/** The share of each term in a gradient's magnitude, from 0 to 1. */
function sharesOf({ magnitudes }: NodeSummary, origin: Origin): { reconstruction: number; kl: number } {
  const [r, k] = [magnitudes.reconstruction ?? 0, magnitudes.kl ?? 0];
  const whole = r + k || 1;
  return {
    reconstruction: origin === 'kl' ? 0 : r / whole,
    kl: origin === 'reconstruction' ? 0 : k / whole,
  };
}

function NodeBox({
  node,
  spot,
  state,
  phase,
  origin,
  title,
}: {
  readonly node: NodeSummary;
  /** The name of the folded part that ends in this node. */
  readonly title: string | undefined;
  readonly spot: Spot;
  readonly state: 'current' | 'passed' | 'ahead';
  readonly phase: Phase;
  readonly origin: Origin;
}) {
  const [left, top] = [-BOX.width / 2, -BOX.height / 2];
  const number = phase === 'forward' ? node.value : node.gradient[origin];
  const isKnown = state !== 'ahead' && number !== null;
  const lines = title === undefined ? linesOf(node.label) : [`${title}:`, node.label];
  const shares = sharesOf(node, origin);
  const room = BOX.width - 12;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button in SVG
    <g
      role="button"
      tabIndex={0}
      class={`node ${state} ${node.role}`}
      data-node={node.id}
      transform={`translate(${spot.x} ${spot.y})`}
      aria-current={state === 'current' ? 'step' : undefined}
      onClick={() => goTo({ id: node.id, phase })}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        goTo({ id: node.id, phase });
      }}
    >
      <rect class="box" x={left} y={top} width={BOX.width} height={BOX.height} rx="6" />
      {lines.map((line, i) => (
        <text
          key={line}
          class={lines.length > 1 ? 'half' : undefined}
          y={top + 16 + (lines.length > 1 ? 11 * i - 4 : 0)}
        >
          {`${line} `}
        </text>
      ))}
      {isKnown && (
        <text class="figure" y={top + BOX.height - (phase === 'backward' ? 11 : 8)}>
          {typesetNumber(number, 3)}
        </text>
      )}
      {isKnown && phase === 'backward' && (
        <g class="shares">
          <rect
            class="reconstruction"
            x={left + 6}
            y={-top - 6}
            width={room * shares.reconstruction}
            height="4"
          />
          <rect
            class="kl"
            x={left + 6 + room * (origin === 'kl' ? 0 : shares.reconstruction)}
            y={-top - 6}
            width={room * shares.kl}
            height="4"
            fill="url(#hatch)"
          />
        </g>
      )}
    </g>
  );
}

/** The arrow head of an edge. */
function ArrowHead(props: { readonly id: string; readonly size: number; readonly class: string }) {
  return (
    <marker
      id={props.id}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth={props.size}
      markerHeight={props.size}
      orient="auto-start-reverse"
    >
      <path class={props.class} d="M0 0L8 4L0 8z" />
    </marker>
  );
}

/** The recorded graph, data at the top. The selected node and the edges that lead to its number are highlighted. */
export function Graph({ picture, moment, passed, origin, unfolded }: GraphProps) {
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  const laid = picture.shown.flatMap(({ id, inputs }): LaidNode[] => {
    const node = nodes.get(id);
    return node === undefined ? [] : [{ id, inputs, group: node.group, role: node.role }];
  });
  const { width, height, spots, edges } = layOut(laid);
  const isBackward = moment.phase === 'backward';
  const titleOf = ({ id, group }: NodeSummary): string | undefined => {
    const isEnd = group === 'encoder' || id === 'output';
    return isEnd && (group === 'encoder' || group === 'decoder') && !unfolded.includes(group)
      ? group
      : undefined;
  };
  const stateOf = (id: string) => (id === moment.id ? 'current' : passed.has(id) ? 'passed' : 'ahead');
  const hasGradient = (id: string): boolean => nodes.get(id)?.gradient[origin] != null;
  const edgeState = ({ from, to }: { from: string; to: string }): string => {
    if (isBackward && !(hasGradient(from) && hasGradient(to))) return 'none';
    const [end, start] = isBackward ? [from, to] : [to, from];
    if (end === moment.id && passed.has(start)) return 'current';
    return passed.has(end) && passed.has(start) ? 'passed' : 'ahead';
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset draws a picture
    <svg
      class={`walk ${moment.phase} ${origin}`}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label="The recorded graph, from the data to the loss"
    >
      <defs>
        <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch" width="2.4" height="4" />
        </pattern>
        <ArrowHead id="arrow" size={7} class="head" />
        <ArrowHead id="arrow-lit" size={5} class="head lit" />
      </defs>
      {edges.map((edge) => {
        const state = edgeState(edge);
        const head = state === 'none' ? undefined : `url(#${state === 'current' ? 'arrow-lit' : 'arrow'})`;
        return (
          <path
            key={`${edge.from} ${edge.to}`}
            class={`edge ${state}`}
            d={edge.path}
            marker-end={isBackward ? undefined : head}
            marker-start={isBackward ? head : undefined}
          />
        );
      })}
      {picture.shown.map(({ id }) => {
        const [node, spot] = [nodes.get(id), spots.get(id)];
        if (node === undefined || spot === undefined) return null;
        return (
          <NodeBox
            key={id}
            node={node}
            title={titleOf(node)}
            spot={spot}
            state={stateOf(id)}
            phase={moment.phase}
            origin={origin}
          />
        );
      })}
    </svg>
  );
}
