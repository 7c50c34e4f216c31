import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { EXIT } from '../../../src/cli/errors.js';
import { LIKELIHOODS, lossSchema } from '../../../src/study/audit/description.js';
import { inProcess } from '../../cli/invoke.js';
import { damaged, damagedJson } from '../../damage.js';
import { anyValues } from '../../nn/schema/values.js';
import { checkMessage } from '../fuzz.js';
import type { Kind } from '../kind.js';

const texts = anyValues(lossSchema).map((values) => JSON.stringify(values));
const usual = JSON.stringify({
  likelihood: LIKELIHOODS[0],
  reconstruction: 'mean',
  klWeight: 0.5,
  half: true,
});
const anyFile = fc.oneof(
  fc.constant(usual).chain(damagedJson),
  texts.chain(damagedJson),
  fc.constant(usual).chain((text) => damaged(new TextEncoder().encode(text))),
);

/** The settings that a person writes by hand: the description of a loss. */
export const description: Kind = {
  name: 'description',
  doc: 'damaged settings in JSON, as study audit reads them',
  share: 1,
  prepare: async (place) => async (one) => {
    const file = join(place, 'loss.json');
    await writeFile(file, one.keep('loss.json', one.draw(anyFile)));
    const { code, out, err } = await inProcess('study', 'audit', '--file', file, '--json');
    one.keep('output.txt', `${code}\n${out}\n${err}`);
    checkMessage(err);
    if (code === EXIT.done) {
      assert.equal(err, '');
      assert.equal(typeof JSON.parse(out), 'object');
      return 1;
    }
    assert.ok(code === EXIT.failed || code === EXIT.usage, `exit code ${code}`);
    assert.match(err, /^error: [^\n]+\n$/);
    assert.equal(out, '');
    return 1;
  },
};
