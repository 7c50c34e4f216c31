import {
  complete,
  type Leaf,
  labelOf,
  leavesOf,
  matters,
  nested,
  relevant,
  textNeedOf,
  valueAt,
  valueOfText,
} from '../../../nn/schema/index.js';
import { presets } from '../../../vae/config.js';
import { pageSchema, type Settings } from '../../shared/settings.js';
import { app } from '../../state/app.js';
import { startOver } from '../../state/training.js';
import { Card } from '../../ui/card.js';
import { Select, TextField } from '../../ui/fields.js';

/** The settings that are always in sight; the others are folded away. */
const FIRST: readonly string[] = [
  'preset',
  'likelihood',
  'latent',
  'beta',
  'learningRate',
  'seed',
  'count',
  'data',
] satisfies (keyof Settings)[];

/** Starts over with a setting changed; a preset brings its own. */
function change(leaf: Leaf, value: unknown): void {
  const next = complete(pageSchema, { ...app.settings, ...nested([[leaf, value]]) }, 'the page');
  const own = leaf.setting === pageSchema.preset ? presets[next.preset] : {};
  void startOver(relevant(pageSchema, { ...next, ...own }));
}

/** One setting, in the form that its kind asks for. */
function SettingField({ leaf }: { readonly leaf: Leaf }) {
  const { setting } = leaf;
  const label = labelOf(leaf);
  const text = setting.format(valueAt(leaf, app.settings));
  const commit = (typed: string): void => change(leaf, valueOfText(setting, typed));
  if (setting.kind === 'choice') {
    return <Select label={label} value={text} options={Object.entries(setting.choices)} onChoose={commit} />;
  }
  if (setting.kind === 'toggle') {
    return (
      <label class="row">
        <input
          type="checkbox"
          checked={text === 'true'}
          onChange={({ currentTarget }) => change(leaf, currentTarget.checked)}
        />
        {label}
      </label>
    );
  }
  return (
    <TextField
      label={setting.unit === undefined ? label : `${label}, in ${setting.unit}`}
      value={text}
      check={(typed) => (valueOfText(setting, typed) === undefined ? `Needs ${textNeedOf(setting)}.` : null)}
      onCommit={commit}
    />
  );
}

/** Everything that decides the numbers. */
export function SettingsCard() {
  const shown = leavesOf(pageSchema).filter(
    (leaf) => matters(leaf, app.settings) && (leaf.setting !== pageSchema.data || app.ownFiles.length > 0),
  );
  const isFirst = ({ path }: Leaf): boolean => FIRST.includes(path[0]);
  const place = ({ path }: Leaf): number => FIRST.indexOf(path[0]);
  const fields = (leaves: readonly Leaf[]) =>
    leaves.map((leaf) => <SettingField key={leaf.path.join('.')} leaf={leaf} />);
  return (
    <Card title="Settings" class="settings">
      <p class="small soft">
        Any change starts the training over from step 0. Same settings, same numbers, bit for bit.
      </p>
      <div class="fields first">{fields(shown.filter(isFirst).toSorted((a, b) => place(a) - place(b)))}</div>
      <details>
        <summary>More settings</summary>
        <div class="fields">{fields(shown.filter((leaf) => !isFirst(leaf)))}</div>
      </details>
    </Card>
  );
}
