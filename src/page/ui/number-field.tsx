import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  /** Called with a number that `check` has nothing against, when the person has finished it (Enter, or leaving the field). */
  onCommit(value: number): void;
  /** What is wrong with a number, in words that mend it; null where nothing is. */
  check(value: number): string | null;
  /** Below the field. */
  readonly hint?: string;
  readonly disabled?: boolean;
}

/** A number to type, with its label, and what is wrong with it where something is. */
export function NumberField({ label, value, onCommit, check, hint, disabled = false }: NumberFieldProps) {
  const id = useId();
  /** What the person is typing; null while the field shows the value. */
  const draft = useSignal<string | null>(null);
  const text = draft.value ?? String(value);
  const typed = text.trim() === '' ? Number.NaN : Number(text);
  const wrong = Number.isNaN(typed) ? 'Needs a number.' : check(typed);
  const commit = (): void => {
    if (wrong !== null || draft.value === null) return;
    draft.value = null;
    if (typed !== value) onCommit(typed);
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
