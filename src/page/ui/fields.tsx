import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';

interface FieldProps<T> {
  readonly label: string;
  readonly value: T;
  /** Called with a value that `check` has nothing against, when the person has finished it (Enter, or leaving the field). */
  onCommit(value: T): void;
  /** What is wrong with a value, in words that mend it; null where nothing is. */
  check(value: T): string | null;
  /** Below the field. */
  readonly hint?: string;
  readonly disabled?: boolean;
}

/** What is wrong with a number that must be an integer from `min` to `max`. */
export const wholeNumber =
  (min: number, max: number) =>
  (x: number): string | null =>
    Number.isInteger(x) && x >= min && x <= max ? null : `Needs an integer from ${min} to ${max}.`;

/** A labelled field for a number, with what is wrong with it. */
export function NumberField({ value, check, onCommit, ...props }: FieldProps<number>) {
  const read = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
  return (
    <TextField
      {...props}
      value={String(value)}
      check={(text) => (Number.isNaN(read(text)) ? 'Needs a number.' : check(read(text)))}
      onCommit={(text) => onCommit(read(text))}
    />
  );
}

/** A text to type, with its label, and what is wrong with it where something is. */
export function TextField({ label, value, onCommit, check, hint, disabled = false }: FieldProps<string>) {
  const id = useId();
  /** What the person is typing; null while the field shows the value. */
  const draft = useSignal<string | null>(null);
  const text = draft.value ?? value;
  const wrong = check(text);
  const commit = (): void => {
    if (wrong !== null || draft.value === null) return;
    draft.value = null;
    if (text !== value) onCommit(text);
  };
  const described = [wrong !== null && `${id}-wrong`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autocomplete="off"
        disabled={disabled}
        value={text}
        aria-invalid={wrong !== null}
        aria-describedby={described || undefined}
        onInput={({ currentTarget }) => {
          draft.value = currentTarget.value;
        }}
        onChange={commit}
        onKeyDown={({ key }) => {
          if (key === 'Enter') commit();
          if (key === 'Escape') draft.value = null;
        }}
      />
      {wrong !== null && (
        <p class="wrong" id={`${id}-wrong`} role="status">
          {wrong}
        </p>
      )}
      {hint !== undefined && (
        <p class="small soft" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export interface SelectProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  /** Each with its words. */
  readonly options: readonly (readonly [value: T, words: string])[];
  onChoose(value: T): void;
  /** Defaults to 'field': the label above. 'bare' hides it from sight. */
  readonly class?: string;
}

/** One of several values. */
export function Select<T extends string | number>({
  label,
  value,
  options,
  onChoose,
  ...props
}: SelectProps<T>) {
  const id = useId();
  const bare = props.class === 'bare';
  const select = (
    <select
      id={id}
      aria-label={bare ? label : undefined}
      value={String(value)}
      onChange={({ currentTarget }) => onChoose(options[currentTarget.selectedIndex][0])}
    >
      {options.map(([one, words]) => (
        <option key={one} value={String(one)}>
          {words}
        </option>
      ))}
    </select>
  );
  if (bare) return select;
  return (
    <div class={props.class ?? 'field'}>
      <label for={id}>{label}</label>
      {select}
    </div>
  );
}

export interface PickerProps<T extends string> {
  readonly label: string;
  /** Each with its words. */
  readonly options: readonly (readonly [value: T, words: string])[];
  readonly isChosen: (value: T) => boolean;
  onChoose(value: T): void;
}

/** A row of buttons, each pressed in if it is chosen. */
export function Picker<T extends string>({ label, options, isChosen, onChoose }: PickerProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a row of buttons with its legend beside them
    <div class="row picker" role="group" aria-label={label}>
      <span class="soft small">{label}</span>
      {options.map(([value, words]) => (
        <button type="button" key={value} aria-pressed={isChosen(value)} onClick={() => onChoose(value)}>
          {words}
        </button>
      ))}
    </div>
  );
}
