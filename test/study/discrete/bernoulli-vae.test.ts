import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward, variable } from '../../../src/autograd/index.js';
import { tensorDataset } from '../../../src/data/dataset.js';
import {
  allCodes,
  BernoulliVae,
  exactGradient,
  trainByEnumeration,
} from '../../../src/study/discrete/index.js';
import { Random } from '../../../src/tensor/random/index.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { tinyBits } from './models.js';

describe('allCodes', () => {
  it('has each code once', () => {
    for (const bits of [1, 2, 5]) {
      const { data, shape } = allCodes(bits, 'float32');
      expect(shape).toEqual([2 ** bits, bits]);
      const seen = new Set(
        Array.from({ length: 2 ** bits }, (_, i) => data.subarray(i * bits, (i + 1) * bits).join('')),
      );
      expect(seen.size).toBe(2 ** bits);
      expect([...data].every((bit) => bit === 0 || bit === 1)).toBe(true);
    }
    expect(() => allCodes(13, 'float32')).toThrow(/from 1 to 12/);
    expect(() => allCodes(0, 'float32')).toThrow(RangeError);
  });
});

describe('BernoulliVae', () => {
  const settings = fc.record({
    bits: fc.integer({ min: 1, max: 5 }),
    batch: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(1000),
  });

  it('has as the mean over q what a sum over codes gives, code by code', () => {
    fc.assert(
      fc.property(settings, (choice) => {
        const { model, x } = tinyBits(choice);
        const logits = model.encode(x);
        const codes = allCodes(choice.bits, 'float64');
        let [reconstruction, kl] = [0, 0];
        for (let b = 0; b < choice.batch; b++) {
          for (let c = 0; c < codes.shape[0]; c++) {
            let logq = 0;
            for (let j = 0; j < choice.bits; j++) {
              const p = 1 / (1 + Math.exp(-logits.at(b, j)));
              logq += Math.log(codes.at(c, j) === 1 ? p : 1 - p);
            }
            const code = new Tensor(codes.data.slice(c * choice.bits, (c + 1) * choice.bits), [
              1,
              choice.bits,
            ]);
            const row = new Tensor(x.data.slice(b * 6, (b + 1) * 6), [1, 6]);
            const q = Math.exp(logq) / choice.batch;
            reconstruction += q * model.reconstruction(code, row).item();
            kl += q * (logq + choice.bits * Math.LN2);
          }
        }
        expect(model.expectedReconstruction(x, logits).item()).toBeCloseTo(reconstruction, 8);
        expect(model.kl(logits).item()).toBeCloseTo(kl, 8);
      }),
      { numRuns: 50 },
    );
  });

  it('has the enumerated gradient, by rows or by the decoder´s table of codes', () => {
    fc.assert(
      fc.property(settings, (choice) => {
        const { model, x, point } = tinyBits(choice);
        const logits = variable(point.logits);
        const expected = backward(model.expectedReconstruction(x, logits)).get(logits).data;
        exactGradient(point).forEach((g, i) => {
          expect(g).toBeCloseTo(expected[i], 10);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('learns by the exact gradient', () => {
    const stream = new Random(4).stream('init');
    const model = new BernoulliVae({ features: 4, hidden: 8, bits: 2, stream });
    const rows = [
      [1, 1, 0, 0],
      [0, 0, 1, 1],
      [1, 0, 1, 0],
      [0, 1, 0, 1],
    ].flat();
    const data = tensorDataset(new Tensor(Float32Array.from(rows), [4, 4]));
    const losses = trainByEnumeration(model, data, { steps: 300, batchSize: 4, learningRate: 0.02 });
    expect(losses.length).toBe(300);
    // Two bits can tell the four pictures apart: 2 log 2 nats of KL, and little else.
    expect(losses[0]).toBeGreaterThan(2.5);
    expect(losses[299]).toBeLessThan(1.7);
    expect(losses[299]).toBeGreaterThan(1.38);
  });
});
