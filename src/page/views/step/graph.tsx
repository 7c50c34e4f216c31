import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Origin } from '../../../study/by-origin.js';
import type { NodeSummary, WalkPicture } from '../../shared/walk.js';
import { typesetNumber } from '../../ui/number.js';
import { BOX, type LaidEdge, type LaidNode, type Layout, layOut, layOutAround, linesOf } from './layout.js';
import { goTo, type Moment, type Phase } from './params.js';
import { hasNoGradient, onArrow, titleOf, whyCut } from './words.js';

export interface GraphProps {
  readonly picture: WalkPicture;
  readonly moment: Moment;
  /** Ids that the pass has reached, including the selected one. */
  readonly passed: ReadonlySet<string>;
  readonly origin: Origin;
  /** Draw the selected node with its neighbours alone. */
  readonly narrow: boolean;
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

/** The number below a node's name: its value or gradient; none where it has no gradient. */
function figureOf({ value, gradient, role }: NodeSummary, phase: Phase, origin: Origin): number | null {
  if (phase === 'forward') return value;
  return gradient[origin] ?? (hasNoGradient(role) ? null : 0);
}

interface NodeBoxProps {
  readonly node: NodeSummary;
  readonly label: string;
  readonly state: 'current' | 'passed' | 'ahead';
  readonly phase: Phase;
  readonly origin: Origin;
  /** What stands at its right. */
  readonly beside: string | null;
}

function NodeBox({
  node,
  label,
  state,
  phase,
  origin,
  beside,
  x,
  y,
}: NodeBoxProps & { x: number; y: number }) {
  const [left, top] = [-BOX.width / 2, -BOX.height / 2];
  const figure = state === 'ahead' ? null : figureOf(node, phase, origin);
  const lines = linesOf(label);
  const shares = sharesOf(node, origin);
  const room = BOX.width - 12;
  const choose = (): void => goTo({ id: node.id, phase });
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button in SVG
    <g
      role="button"
      // SVG knows the attribute by its lower-case name alone.
      {...{ tabindex: 0 }}
      class={`node ${state} ${node.role}`}
      data-node={node.id}
      transform={`translate(${x} ${y})`}
      aria-current={state === 'current' ? 'step' : undefined}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose();
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
      {beside !== null && (
        <text class="beside start" x={BOX.width / 2 + 8} y="4">
          {beside}
        </text>
      )}
      {figure !== null && (
        <text class="figure" y={top + BOX.height - (phase === 'backward' ? 10 : 7)}>
          {typesetNumber(figure, 3)}
        </text>
      )}
      {figure !== null && phase === 'backward' && (
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

type EdgeState = 'current' | 'passed' | 'ahead' | 'none' | 'cut';

interface EdgeProps {
  readonly edge: LaidEdge;
  readonly state: EdgeState;
  readonly isBackward: boolean;
  /** The chosen node: of an edge drawn as two stubs, the one beside it counts. */
  readonly current: string;
  /** What stands on it. */
  readonly words: string | null;
}

/** An arrow, with the number on it; one that is cut has a stop sign. */
function Edge({ edge, state, isBackward, current, words }: EdgeProps) {
  const head =
    state === 'none' || (state === 'cut' && isBackward)
      ? undefined
      : `url(#${state === 'current' ? 'arrow-lit' : 'arrow'})`;
  const { paths, names, label } = edge;
  const side = label.anchor === 'end' ? 1 : -1;
  const near = edge.to === current ? paths.length - 1 : 0;
  return (
    <g class={`edge ${state}`} data-edge={`${edge.from} ${edge.to}`}>
      {paths.map((path, i) => (
        <path
          key={path}
          class={i === near ? 'line' : 'line far'}
          d={path}
          marker-end={isBackward ? undefined : head}
          marker-start={isBackward ? head : undefined}
        />
      ))}
      {names.map(({ text, x, y, anchor }) => (
        <text key={text} class={`name ${anchor}`} x={x} y={y}>
          {text}
        </text>
      ))}
      {state === 'cut' && (
        <g class="stop" transform={`translate(${label.x + 7 * side} ${label.y - 3})`}>
          <path d="M-3.3-8h6.6L8-3.3v6.6L3.3 8h-6.6L-8 3.3v-6.6z" />
          <path class="dash" d="M-5 0h10" />
        </g>
      )}
      {words !== null && (
        <text class={`on ${label.anchor}`} x={label.x - (state === 'cut' ? 5 * side : 0)} y={label.y}>
          {words}
        </text>
      )}
    </g>
  );
}

/** Scrolls the frame, if need be, so that the current node and the arrows that lead to its number are in it. */
function showCurrent(frame: HTMLElement): void {
  const lit = [...frame.querySelectorAll('.node.current, .edge.current .line:not(.far), .edge.current .on')];
  const node = frame.querySelector('.node.current')?.getBoundingClientRect();
  if (node === undefined) return;
  const box = frame.getBoundingClientRect();
  const rects = lit.map((part) => part.getBoundingClientRect());
  const top = Math.min(...rects.map((rect) => rect.top));
  const bottom = Math.max(...rects.map((rect) => rect.bottom));
  if (top >= box.top + 4 && bottom <= box.bottom - 4) return;
  // Where the whole does not fit, the node comes first.
  const fits = bottom - top <= box.height - 8;
  const middle = fits ? (top + bottom) / 2 : (node.top + node.bottom) / 2;
  frame.scrollTop += middle - (box.top + box.bottom) / 2;
}

/** A rough width of a label, to keep labels apart. */
const widthOf = (text: string): number => 6.2 * text.length;

/** What stands on each arrow on the way back: on those to the current node first, on others where there is room. */
function labelsOf(
  { edges }: Layout,
  words: (edge: LaidEdge) => string | null,
  isLit: (e: LaidEdge) => boolean,
) {
  const taken: { left: number; right: number; y: number }[] = [];
  const labels = new Map<LaidEdge, string>();
  for (const edge of edges.toSorted((a, b) => Number(isLit(b)) - Number(isLit(a)))) {
    const text = words(edge);
    if (text === null) continue;
    const { x, y, anchor } = edge.label;
    const [left, right] = anchor === 'end' ? [x - widthOf(text), x] : [x, x + widthOf(text)];
    const isFree = taken.every((one) => Math.abs(one.y - y) > 12 || right < one.left || left > one.right);
    if (!isFree && !isLit(edge)) continue;
    taken.push({ left, right, y });
    labels.set(edge, text);
  }
  return labels;
}

/** The recorded graph, data at the top. The selected node and the edges that lead to its number are highlighted. */
export function Graph({ picture, moment, passed, origin, narrow }: GraphProps) {
  const frame = useRef<HTMLDivElement>(null);
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  const isBackward = moment.phase === 'backward';
  const laid = picture.shown.flatMap(({ id, inputs }): LaidNode[] => {
    const node = nodes.get(id);
    if (node === undefined) return [];
    return [{ id, inputs, label: titleOf(node), group: node.group, role: node.role }];
  });
  const layout = narrow ? layOutAround(laid, moment.id) : layOut(laid);
  const { width, height, spots, edges } = layout;
  const stateOf = (id: string) => (id === moment.id ? 'current' : passed.has(id) ? 'passed' : 'ahead');
  const arrows = new Map(picture.arrows.map((arrow) => [`${arrow.from} ${arrow.to}`, arrow]));
  const arrowOf = ({ from, to }: LaidEdge) => arrows.get(`${from} ${to}`);
  const isGiven = (id: string): boolean => ['data', 'noise'].includes(nodes.get(id)?.role ?? '');
  const hasGradient = (id: string): boolean => nodes.get(id)?.gradient[origin] != null;
  const isPassed = (edge: LaidEdge): boolean => passed.has(edge.from) && passed.has(edge.to);
  const edgeState = (edge: LaidEdge): EdgeState => {
    const { from, to } = edge;
    // What is given has no derivative that could be missed.
    if (arrowOf(edge)?.isCut && !isGiven(from)) return 'cut';
    if (isBackward && !(hasGradient(from) && hasGradient(to))) return 'none';
    const [end, start] = isBackward ? [from, to] : [to, from];
    if (end === moment.id && passed.has(start)) return 'current';
    return isPassed(edge) ? 'passed' : 'ahead';
  };
  const isLit = (edge: LaidEdge): boolean => edgeState(edge) === 'current';
  const words = (edge: LaidEdge): string | null => {
    const arrow = arrowOf(edge);
    // In the whole graph this stands beside the node where arrows are cut.
    if (edgeState(edge) === 'cut') return narrow && edge.from === moment.id ? whyCut(edge.to) : null;
    const { group } = nodes.get(edge.to) ?? {};
    const isFromTrick = nodes.get(edge.from)?.group === 'trick';
    if (!isBackward || !arrow?.local || !(isLit(edge) || (group === 'trick' && isPassed(edge)))) return null;
    // Between mean and logvar there is room for a number alone.
    return onArrow(group === 'kl' && isFromTrick && !narrow ? { ...arrow.local, text: null } : arrow.local);
  };
  const labels = labelsOf(layout, words, isLit);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    showCurrent(element);
    const observer = new ResizeObserver(() => showCurrent(element));
    observer.observe(element);
    return () => observer.disconnect();
  }, [moment.id, moment.phase, picture, narrow]);
  return (
    <div class="frame" ref={frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: no fieldset draws a picture */}
      <svg
        class={`walk ${moment.phase} ${origin}`}
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="group"
        aria-label={
          narrow
            ? 'The chosen node, between those that it comes from and those that take it'
            : 'The recorded graph, from the data to the loss'
        }
      >
        <defs>
          <pattern
            id="hatch"
            width="4"
            height="4"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect class="hatch" width="2.4" height="4" />
          </pattern>
          <ArrowHead id="arrow" size={7} class="head" />
          <ArrowHead id="arrow-lit" size={5} class="head lit" />
        </defs>
        {edges.map((edge) => (
          <Edge
            key={`${edge.from} ${edge.to}`}
            edge={edge}
            state={edgeState(edge)}
            isBackward={isBackward}
            current={moment.id}
            words={labels.get(edge) ?? null}
          />
        ))}
        {laid.map(({ id, label }) => {
          const [node, spot] = [nodes.get(id), spots.get(id)];
          if (node === undefined || spot === undefined) return null;
          return (
            <NodeBox
              key={id}
              {...spot}
              node={node}
              label={label}
              state={stateOf(id)}
              phase={moment.phase}
              origin={origin}
              beside={node.role === 'held' && !narrow ? whyCut(id) : null}
            />
          );
        })}
      </svg>
    </div>
  );
}
