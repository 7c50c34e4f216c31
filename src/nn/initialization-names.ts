/** The names of the initialisations, apart from their code, so that settings can be read without it. */
export const initializationNames = [
  'torch',
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'zeros',
] as const;

/** The name of an initialisation, for layers. */
export type InitializationName = (typeof initializationNames)[number];
