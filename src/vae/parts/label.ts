import { integer } from '../../nn/schema/index.js';
import type { DType } from '../../tensor/dtype.js';
import { Tensor } from '../../tensor/tensor.js';
import { Condition, defineCondition } from './condition.js';

/** The class of an example, one-hot. */
export class Label extends Condition {
  override readonly name = 'label';
  override readonly width: number;

  /** @param classes how many there are */
  constructor(classes: number) {
    super();
    this.width = classes;
  }

  override forward(labels: ArrayLike<number>, dtype: DType): Tensor {
    const rows = Tensor.empty([labels.length, this.width], dtype);
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i];
      if (!(Number.isInteger(label) && label >= 0 && label < this.width)) {
        throw new RangeError(
          `label condition: the label of example ${i} is ${label}; there are ${this.width} classes, counted from 0`,
        );
      }
      rows.data[i * this.width + label] = 1;
    }
    return rows;
  }
}

/** The specification of a condition on the label: as many numbers as classes, one-hot, beside what encoder and decoder take. */
export const label = defineCondition({
  name: 'label',
  doc: 'The class of an example, one-hot.',
  settings: {
    /** How many classes there are. */
    classes: integer({ min: 1, help: 'how many classes there are' }),
  },
  build: ({ classes }) => new Label(classes),
  // Each takes a column of weights in the layers after it.
  minParameters: ({ classes }) => classes,
  examples: () => [{ classes: 1 }, { classes: 3 }],
});
