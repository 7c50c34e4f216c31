import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { RunFolder } from '../../../src/cli/run/folder.js';
import { damaged, damagedJson } from '../../damage.js';
import { read } from '../fuzz.js';
import type { Case, Kind } from '../kind.js';
import { Runs } from '../runs.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const errors = ['CheckpointError', 'DataError', 'Failure'];

/** Text files of a run: any bytes, or any values, of one of them; of lines of JSON one line. */
const anyText = (text: string): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    damaged(encode(text)),
    damagedJson(text.startsWith('{\n') ? text : `[${text.trim().replaceAll('\n', ',')}]`).map((json) =>
      encode(text.startsWith('{\n') ? json : json.slice(1, -1).replaceAll(/,(?=\{"epoch")/g, '\n')),
    ),
  );

/** A lock of a process that lives, is dead, or is elsewhere. */
const anyLock = fc
  .record({
    pid: fc.oneof(fc.constant(process.pid), fc.integer()),
    host: fc.constantFrom(hostname(), 'elsewhere'),
    started: fc.constantFrom(null, '1'),
  })
  .chain((owner) =>
    fc.oneof(damaged(encode(JSON.stringify(owner))), damagedJson(JSON.stringify(owner)).map(encode)),
  );

async function tryLock(one: Case, run: string): Promise<void> {
  const lock = join(run, '.lock');
  const bytes = one.keep('.lock', one.draw(anyLock));
  await writeFile(lock, bytes);
  const claim = async () => (await RunFolder.open(run)).claim();
  const folder = await read(claim, { errors, file: run, size: bytes.length });
  if (folder !== undefined) assert.equal(JSON.parse(await readFile(lock, 'utf8')).pid, process.pid);
  await folder?.release();
  await rm(lock, { force: true });
}

/** config.json, metrics.jsonl and the lock of a run folder. */
export const runFolder: Kind = {
  name: 'run-folder',
  doc: 'damaged config.json, metrics.jsonl and locks of a run',
  share: 2,
  async prepare(place) {
    const runs = await Runs.beside(place);
    const { run: whole } = await runs.training(0);
    const run = join(place, 'run');
    await cp(whole, run, { recursive: true });
    const open = await RunFolder.open(run);
    const expected = await open.load();
    const texts = new Map<string, string>();
    for (const name of ['config', 'metrics'] as const)
      texts.set(open.file(name), await readFile(open.file(name), 'utf8'));
    const lines = texts.get(open.file('metrics'))?.split('\n').length ?? 0;
    assert.ok(lines > 10);
    return async (one) => {
      if (one.draw(fc.nat(3)) === 0) {
        await tryLock(one, run);
        return 1;
      }
      const [file, text] = one.draw(fc.constantFrom(...texts));
      const bytes = one.keep(
        file.endsWith('json') ? 'config.json' : 'metrics.jsonl',
        one.draw(anyText(text)),
      );
      await writeFile(file, bytes);
      const found = await read(() => open.load(), {
        errors,
        file,
        size: bytes.length + expected.bytes.length,
      });
      await writeFile(file, text);
      if (found === undefined) return 1;
      // What stands twice is what the checkpoint says.
      const { epochs: _, ...settings } = found.config.training;
      const { epochs: __, ...trained } = expected.config.training;
      assert.deepEqual(settings, trained);
      assert.deepEqual(found.config.model, expected.config.model);
      assert.equal(found.config.image.rows * found.config.image.columns, 784);
      assert.deepEqual(found.checkpoint.history, expected.checkpoint.history);
      return 1;
    };
  },
};
