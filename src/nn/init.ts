import { checkNumber } from '../tensor/check-number.js';
import { quote } from '../tensor/describe.js';
import type { TensorData } from '../tensor/dtype.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { type InitializationName, initializationNames } from './initialization-names.js';

export { type InitializationName, initializationNames };

/** How many numbers each output of a layer is computed from (`fanIn`), and each input goes into (`fanOut`). */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Fills the storage of a new parameter. */
export type Initializer = (data: TensorData, fans: Fans, stream: RandomStream) => void;

const uniformWithin = (bound: number, data: TensorData, stream: RandomStream): void => {
  stream.uniform(data, -bound, bound);
};

/**
 * U(-a, a) with a = sqrt(6 / (fanIn + fanOut)), which has variance 2 / (fanIn + fanOut). For tanh.
 * Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, eq. 16.
 */
export const glorotUniform: Initializer = (data, { fanIn, fanOut }, stream) =>
  uniformWithin(Math.sqrt(6 / (fanIn + fanOut)), data, stream);

/** N(0, 2 / (fanIn + fanOut)). Source: Glorot and Bengio 2010, eq. 12. */
export const glorotNormal: Initializer = (data, { fanIn, fanOut }, stream) => {
  stream.normal(data, 0, Math.sqrt(2 / (fanIn + fanOut)));
};

/**
 * U(-a, a) with a = sqrt(6 / fanIn), which has variance 2 / fanIn. For relu.
 * Source: He et al., "Delving deep into rectifiers", 2015, eq. 10.
 */
export const heUniform: Initializer = (data, { fanIn }, stream) =>
  uniformWithin(Math.sqrt(6 / fanIn), data, stream);

/** N(0, 2 / fanIn). Source: He et al. 2015, eq. 10. */
export const heNormal: Initializer = (data, { fanIn }, stream) => {
  stream.normal(data, 0, Math.sqrt(2 / fanIn));
};

/**
 * U(-a, a) with a = 1 / sqrt(fanIn), for weight and bias alike: what `torch.nn.Linear` starts from
 * (its `kaiming_uniform_(weight, a=sqrt(5))` is the same bound).
 */
export const torchUniform: Initializer = (data, { fanIn }, stream) =>
  uniformWithin(1 / Math.sqrt(fanIn), data, stream);

/** The same value everywhere. @throws RangeError unless it is finite. */
export function constant(value: number): Initializer {
  checkNumber(value, {}, 'the value', 'init.constant');
  return (data) => {
    data.fill(value);
  };
}

/** Zero everywhere. */
export const zeros: Initializer = constant(0);

/** What a layer's weight and bias start from. */
export interface Initialization {
  readonly weight: Initializer;
  readonly bias: Initializer;
}

/** The initialisations a layer knows by name; all but 'torch' start the bias at 0. */
export const initializations = {
  torch: { weight: torchUniform, bias: torchUniform },
  glorotUniform: { weight: glorotUniform, bias: zeros },
  glorotNormal: { weight: glorotNormal, bias: zeros },
  heUniform: { weight: heUniform, bias: zeros },
  heNormal: { weight: heNormal, bias: zeros },
  zeros: { weight: zeros, bias: zeros },
} as const satisfies Record<InitializationName, Initialization>;

/** The initialisation of a name, or one as it is. @throws RangeError listing the names when none has this one. */
export function initialization(wanted: InitializationName | Initialization, who: string): Initialization {
  if (typeof wanted !== 'string') return wanted;
  if (Object.hasOwn(initializations, wanted)) return initializations[wanted];
  throw new RangeError(
    `${who}: no initialisation is named ${quote(wanted)}; there are ${Object.keys(initializations).join(', ')}`,
  );
}
