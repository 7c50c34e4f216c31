import { describe, it } from 'vitest';
import { bernoulliNll } from '../../src/nn/index.js';
import { describeOp } from '../../src/testing/index.js';

// Its values at the extremes are in losses.test.ts.
describeOp(bernoulliNll, { describe, it });
