import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Node } from './node.js';
import type { Saved, SavedPart } from './op.js';

/** Hands a derivative rule what its op declared, and nothing else. */
class SavedParts implements Saved<unknown> {
  private knownShapes: readonly Shape[] | undefined;
  private sharedFor: Tensor | undefined;
  private sharedValue: Tensor | undefined;

  constructor(
    private readonly node: Node,
    private readonly output: Tensor,
  ) {}

  private need(part: SavedPart): void {
    const saves = this.node.op?.saves ?? [];
    if (saves.includes(part)) return;
    const name = this.node.op?.name ?? 'variable';
    throw new Error(`${name}: a derivative rule reads the ${part}, but saves is [${saves}]; add '${part}'`);
  }

  get inputs(): readonly Tensor[] {
    this.need('inputs');
    return this.node.inputs;
  }

  get x(): Tensor {
    return this.inputs[0];
  }

  get a(): Tensor {
    return this.inputs[0];
  }

  get b(): Tensor {
    return this.inputs[1];
  }

  get y(): Tensor {
    this.need('output');
    return this.output;
  }

  get attributes(): unknown {
    return this.node.attributes;
  }

  get shapes(): readonly Shape[] {
    // Kept: an op of very many inputs has its rule called once for each.
    this.knownShapes ??= this.node.inputs.map((x) => x.shape);
    return this.knownShapes;
  }

  shared(g: Tensor, compute: () => Tensor): Tensor {
    if (this.sharedFor === g && this.sharedValue !== undefined) return this.sharedValue;
    this.sharedFor = g;
    this.sharedValue = compute();
    return this.sharedValue;
  }
}

/** What the rules of a recorded op may read. */
export function savedOf(node: Node, output: Tensor): Saved<unknown> {
  return new SavedParts(node, output);
}
