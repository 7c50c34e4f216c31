/** The names of the activations, apart from their code, so that settings can be read without it. */
export const activationNames = [
  'relu',
  'leakyRelu',
  'tanh',
  'sigmoid',
  'softplus',
  'gelu',
  'elu',
  'silu',
] as const;

/** The name of an activation, for {@link activation}. */
export type ActivationName = (typeof activationNames)[number];
