import type { DType } from '../tensor/dtype.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { writeCount } from '../tensor/writes.js';
import type { Disposal } from './disposal.js';
import { describe, type Node } from './node.js';
import type { Saved, SavedPart } from './op.js';

/** Hands a derivative rule what its op declared, and nothing else. */
class SavedParts implements Saved<unknown> {
  private knownShapes: readonly Shape[] | undefined;
  private sharedFor: Tensor | undefined;
  private sharedValue: Tensor | undefined;

  constructor(
    private readonly node: Node,
    private readonly output: Tensor,
    private readonly disposal?: Disposal,
  ) {}

  private need(part: SavedPart): void {
    const saves = this.node.op?.saves ?? [];
    if (saves.includes(part)) return;
    const name = this.node.op?.name ?? 'variable';
    throw new Error(`${name}: a derivative rule reads the ${part}, but saves is [${saves}]; add '${part}'`);
  }

  get inputs(): readonly Tensor[] {
    this.need('inputs');
    if (this.node.writes < writeCount()) for (const input of this.node.inputs) this.checkUnwritten(input);
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
    this.checkUnwritten(this.output);
    return this.output;
  }

  /** @throws Error when the elements that were saved are there no more. */
  private checkUnwritten(t: Tensor): void {
    if (t.writtenAt <= this.node.writes) return;
    throw new Error(
      `backward: ${describe(t)} has been written to since ${this.node} saved it; ` +
        'call backward before the update, or compute the loss again after it',
    );
  }

  get attributes(): unknown {
    return this.node.attributes;
  }

  get dtype(): DType {
    return this.node.inputs[0].dtype;
  }

  get shapes(): readonly Shape[] {
    // Kept: an op of very many inputs has its rule called once for each.
    this.knownShapes ??= this.node.inputs.map((x) => x.shape);
    return this.knownShapes;
  }

  shared(g: Tensor, compute: () => Tensor, lastUse = false): Tensor {
    if (this.sharedFor === g && this.sharedValue !== undefined) return this.sharedValue;
    this.sharedFor = g;
    const disposal = lastUse ? this.disposal : undefined;
    disposal?.lend(g);
    this.sharedValue = compute();
    disposal?.lend(null);
    disposal?.outputRead({ tensor: this.output, node: this.node });
    return this.sharedValue;
  }
}

/** What the rules of a recorded op may read. @param disposal is told what they will not read again */
export function savedOf(node: Node, output: Tensor, disposal?: Disposal): Saved<unknown> {
  return new SavedParts(node, output, disposal);
}
