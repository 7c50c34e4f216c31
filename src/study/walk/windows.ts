import type { ConvolutionAttributes } from '../../tensor/kernels/convolution.js';
import type { Index } from './expression.js';
import { nodeAt, type Walk, type WalkNode } from './node.js';

type Place = Index[number];

/** A tap of a kernel, and where it lies along an axis. */
export interface Tap {
  readonly tap: Place;
  readonly place: Place;
}

/** The sum of places, each times a number, and of a number: a number where no letter is among them, else a text. */
export function affine(terms: readonly (readonly [times: number, place: Place])[], constant: number): Place {
  let total = constant;
  let text = '';
  for (const [times, place] of terms) {
    if (typeof place === 'number') total += times * place;
    else
      text += `${times < 0 ? '-' : text === '' ? '' : '+'}${Math.abs(times) === 1 ? '' : Math.abs(times)}${place}`;
  }
  if (text === '') return total;
  return total === 0 ? text : `${text}${total > 0 ? '+' : ''}${total}`;
}

const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/**
 * A convolution or a transposed one, with its two images: a place of the small one sees a window of the large one. conv2d goes from
 * large to small, its weight [small channel, large channel, row, column]; the transposed one from small to large, with the same weight.
 */
export class Windows {
  readonly isTransposed: boolean;
  readonly attributes: ConvolutionAttributes;
  /** Ids of the two images, of the weight and of the bias. */
  readonly small: WalkNode;
  readonly large: WalkNode;
  readonly weight: WalkNode;
  readonly bias: WalkNode | null;

  private constructor(
    walk: Walk,
    readonly node: WalkNode,
  ) {
    const [input, weight, bias] = node.inputs.map((id) => nodeAt(walk, id));
    this.isTransposed = node.op === 'convTranspose2d';
    this.attributes = node.attributes as ConvolutionAttributes;
    [this.small, this.large] = this.isTransposed ? [input, node] : [node, input];
    this.weight = weight;
    this.bias = bias ?? null;
  }

  /** Null for another op, and for channels in groups. */
  static of(walk: Walk, node: WalkNode): Windows | null {
    if (node.op !== 'conv2d' && node.op !== 'convTranspose2d') return null;
    const made = new Windows(walk, node);
    return made.attributes.groups === 1 ? made : null;
  }

  /** Where a tap of the window of a place of the small image lies on the large one; outside of it too. */
  largeAt(axis: 0 | 1, small: Place, tap: Place): Place {
    const { stride, dilation, padding } = this.attributes;
    const terms = [[stride[axis], small] as const, [dilation[axis], tap] as const];
    return affine(terms, -padding[axis][0]);
  }

  /** The place of the small image whose window has a place of the large one at a tap; null where there is none. */
  smallAt(axis: 0 | 1, large: Place, tap: Place): Place | null {
    const { stride, dilation, padding } = this.attributes;
    const moved = affine([[1, large] as const, [-dilation[axis], tap] as const], padding[axis][0]);
    if (typeof moved === 'string') return stride[axis] === 1 ? moved : `(${moved})/${stride[axis]}`;
    return moved % stride[axis] === 0 ? moved / stride[axis] : null;
  }

  /** The taps that a place sees along an axis: all of them, with a letter for the place. */
  taps(axis: 0 | 1, place: Place, from: 'small' | 'large'): Tap[] {
    const { shape } = from === 'small' ? this.large : this.small;
    return all(this.weight.shape[2 + axis]).flatMap((tap) => {
      const found = from === 'small' ? this.largeAt(axis, place, tap) : this.smallAt(axis, place, tap);
      if (found === null || (typeof found === 'number' && (found < 0 || found >= shape[2 + axis]))) return [];
      return [{ tap, place: found }];
    });
  }
}
