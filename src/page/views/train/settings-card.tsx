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
import { partsIn } from '../../shared/parts.js';
import { architectureNames, ofPreset, pageSchema, type Settings } from '../../shared/settings.js';
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
  const own = leaf.setting === pageSchema.preset ? ofPreset(next.preset) : {};
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

/** A part of a model in words: its name, and the values of its settings. */
function wordsOfPart(part: unknown): string {
  const { name, ...settings } = Object(part);
  return [name, ...Object.entries(settings).map(([setting, value]) => `${setting} ${value}`)].join(', ');
}

/** The parts of a model from a file, in the place of the settings of the architecture. */
function Parts({ model }: { readonly model: string }) {
  const parts = Object.entries(partsIn(model)).filter(([, part]) => part !== null);
  return (
    <>
      <dl class="parts">
        {parts.map(([role, part]) => (
          <div key={role}>
            <dt>{role}</dt>
            <dd>{wordsOfPart(part)}</dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        onClick={() => void startOver({ ...app.settings, ...ofPreset(app.settings.preset) })}
      >
        Back to {app.settings.preset}
      </button>
    </>
  );
}

/** Everything that decides the numbers. */
export function SettingsCard() {
  const { model } = app.settings;
  const isShown = (leaf: Leaf): boolean => {
    if (leaf.setting === pageSchema.model || !matters(leaf, app.settings)) return false;
    if (model !== null && architectureNames.includes(leaf.path[0])) return false;
    return leaf.setting !== pageSchema.data || app.ownFiles.length > 0;
  };
  const shown = leavesOf(pageSchema).filter(isShown);
  const isFirst = ({ path }: Leaf): boolean => FIRST.includes(path[0]);
  const place = ({ path }: Leaf): number => FIRST.indexOf(path[0]);
  const fields = (leaves: readonly Leaf[]) =>
    leaves.map((leaf) => <SettingField key={leaf.path.join('.')} leaf={leaf} />);
  return (
    <Card title="Settings" class="settings">
      <p class="small soft">
        Any change starts the training over from step 0. Same settings, same numbers, bit for bit.
      </p>
      {model !== null && <Parts model={model} />}
      <div class="fields first">{fields(shown.filter(isFirst).toSorted((a, b) => place(a) - place(b)))}</div>
      <details>
        <summary>More settings</summary>
        <div class="fields">{fields(shown.filter((leaf) => !isFirst(leaf)))}</div>
      </details>
    </Card>
  );
}
