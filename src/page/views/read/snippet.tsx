import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { type Control, type NumberLink, numbersIn, type Snippet as Text } from '../../shared/document.js';
import { hasModifier } from '../../ui/modifier.js';
import { Prediction } from './prediction.js';
import type { Reading } from './reading.js';

interface SnippetProps {
  readonly snippet: Text;
  readonly reading: Reading;
}

/** A number in the code that can be changed. */
function ControlField(props: { control: Control; value: number; onSet: (value: number) => void }) {
  const { control, value, onSet } = props;
  const wrong = useSignal(false);
  const text = String(value);
  return (
    <input
      key={text}
      class={value === control.value ? 'control' : 'control moved'}
      aria-label={`${control.name}, in the code`}
      aria-invalid={wrong.value}
      inputMode="decimal"
      spellcheck={false}
      style={{ width: `${Math.max(2, text.length) + 1.5}ch` }}
      defaultValue={text}
      onChange={({ currentTarget }) => {
        const next = currentTarget.value.trim() === '' ? Number.NaN : Number(currentTarget.value);
        wrong.value = !Number.isFinite(next);
        if (!wrong.value) onSet(next);
      }}
    />
  );
}

/** The code, with a field in place of each number that can be changed. */
function Code({ snippet, reading }: SnippetProps) {
  const { code, controls } = snippet;
  const values = reading.valuesOf(snippet);
  const pieces: ComponentChildren[] = [];
  let from = 0;
  controls.forEach((control, k) => {
    pieces.push(code.slice(from, control.from));
    pieces.push(
      <ControlField
        key={control.name}
        control={control}
        value={values[k]}
        onSet={(value) => void reading.set(snippet, k, value)}
      />,
    );
    from = control.to;
  });
  return (
    <pre class="code">
      <code>
        {pieces}
        {code.slice(from)}
      </code>
    </pre>
  );
}

/** A line of output. Each number leads to where it is made: to the live view, or to the snippet itself. */
function Line(props: {
  readonly line: string;
  /** The same line as the text prints it. */
  readonly printed: string;
  readonly link: NumberLink | undefined;
  readonly reading: Reading;
  readonly onOwn: () => void;
}) {
  const { line, printed, link, reading, onOwn } = props;
  const before = numbersIn(printed);
  const pieces: ComponentChildren[] = [];
  let from = 0;
  numbersIn(line).forEach(({ text, at }, k) => {
    pieces.push(line.slice(from, at));
    from = at + text.length;
    const selector = link?.shown[k];
    if (link !== undefined && selector !== undefined) {
      pieces.push(
        <a
          class="number"
          key={at}
          href={link.address}
          data-shown={selector}
          title="Show it in the live view"
          onClick={(event) => {
            if (hasModifier(event)) return;
            event.preventDefault();
            void reading.follow(link.address, selector, text);
          }}
        >
          {text}
        </a>,
      );
    } else {
      const was = before[k]?.text;
      const isMoved = was !== text;
      pieces.push(
        // The button below does the same for the keyboard: a block has many numbers.
        <button
          type="button"
          class={isMoved ? 'number moved' : 'number'}
          key={at}
          tabIndex={-1}
          title={isMoved ? `in the text: ${was ?? 'nothing'}` : 'Computed by this snippet: run it here'}
          onClick={onOwn}
        >
          {text}
        </button>,
      );
    }
  });
  return (
    <>
      {pieces}
      {`${line.slice(from)}\n`}
    </>
  );
}

/** How many numbers of a text are the same in another. */
function compared(printed: string, live: string): { readonly same: number; readonly all: number } {
  const own = live.split('\n').flatMap((line) => numbersIn(line));
  const numbers = printed.split('\n').flatMap((line) => numbersIn(line));
  return { same: numbers.filter(({ text }, k) => own[k]?.text === text).length, all: numbers.length };
}

function statusOf(reading: Reading, snippet: Text): string {
  const output = reading.outputs.value[snippet.index];
  const printed = snippet.printed ?? '';
  if (output === undefined) return '';
  if (output.state === 'running') return 'The engine runs it ...';
  if (output.state === 'failed') return '';
  if (reading.isChanged(snippet)) return 'Live, with your numbers.';
  const { same, all } = compared(printed, output.text);
  return output.text === printed
    ? `Run here: all ${all} numbers as printed.`
    : `Run here: ${all - same} of ${all} numbers differ from the text.`;
}

/** A snippet of the text: its code, a question perhaps, and what it prints, run here when it is asked to. */
export function Snippet({ snippet, reading }: SnippetProps) {
  const { index, prediction, links } = snippet;
  const root = useRef<HTMLDivElement>(null);
  const isOpen = useSignal(prediction === null);
  const output = reading.outputs.value[index];
  const printed = snippet.printed ?? '';
  const shown = output?.state === 'done' ? output.text : printed;
  const printedLines = printed.split('\n');
  const run = (): void => {
    void reading.run(snippet);
    root.current?.querySelector<HTMLInputElement>('.control')?.focus({ preventScroll: true });
  };
  return (
    <div class="snippet" ref={root} data-snippet={index}>
      <Code snippet={snippet} reading={reading} />
      {prediction !== null && (
        <Prediction
          asked={prediction}
          reading={reading}
          onAnswer={() => {
            isOpen.value = true;
          }}
        />
      )}
      {snippet.printed !== null && !isOpen.value && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            isOpen.value = true;
          }}
        >
          Show what it prints
        </button>
      )}
      {snippet.printed !== null && isOpen.value && (
        <div class="output" aria-busy={output?.state === 'running'}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
          <pre tabIndex={0}>
            {output?.state === 'failed' ? (
              <span class="failed">{output.text}</span>
            ) : (
              shown
                .split('\n')
                .map((line, k) => (
                  <Line
                    key={`${k} ${line}`}
                    line={line}
                    printed={printedLines[k] ?? ''}
                    link={links.find(({ label }) => line.startsWith(label))}
                    reading={reading}
                    onOwn={run}
                  />
                ))
            )}
          </pre>
          <div class="row small">
            <button type="button" class="quiet" onClick={run}>
              {output === undefined ? 'Run it here' : 'Run again'}
            </button>
            {reading.isChanged(snippet) && (
              <button type="button" class="quiet" onClick={() => void reading.reset(snippet)}>
                Put the numbers back
              </button>
            )}
            <span class="soft" role="status">
              {statusOf(reading, snippet)}
            </span>
          </div>
        </div>
      )}
    </div>
  );
}
