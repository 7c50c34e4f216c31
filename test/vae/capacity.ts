import { abs, add, mul, sub } from '../../src/index.js';
import { number } from '../../src/nn/schema/index.js';
import { defineObjective } from '../../src/vae.js';

/** A user's own: the KL is held at a capacity (Burgess et al. 2018). */
export const capacity = defineObjective({
  name: 'capacity',
  doc: 'reconstruction + gamma |KL - nats| (Burgess et al. 2018).',
  settings: {
    nats: number({ min: 0, help: 'capacity' }),
    gamma: number({ min: 0, default: 10, help: 'weight' }),
  },
  build: ({ nats, gamma }) => ({
    loss: ({ reconstruction, kl }) => add(reconstruction, mul(abs(sub(kl, nats)), gamma)),
  }),
});
