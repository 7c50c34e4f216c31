import { signal } from '@preact/signals';
import { messageOf } from '../../../tensor/describe.js';
import { agrees, type LiveDocument, numbersIn, type Snippet, type Source } from '../../shared/document.js';
import { Engine } from '../../state/engine.js';

/** What a snippet printed in the page. */
export interface Output {
  readonly state: 'running' | 'done' | 'failed';
  /** What it printed, or why it failed. */
  readonly text: string;
}

/** Milliseconds between two looks at the live view. */
const LOOK = 120;

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The numbers of an element of the live view, as typeset there. */
const numbersOf = (element: Element): number[] =>
  numbersIn(
    (element.textContent ?? '').replaceAll('\u2212', '-').replace(/(?<=\d)[\s,](?=\d{3}\b)/g, ''),
  ).map(({ text }) => Number(text));

/** One text being read: its snippets, run by an engine of its own, and the live view beside it, a page in a frame. */
export class Reading {
  /** By the index of the snippet. */
  readonly outputs = signal<Readonly<Record<number, Output>>>({});
  /** The values of the controls by the index of their snippet, where they are not those of the text. */
  readonly values = signal<Readonly<Record<number, readonly number[]>>>({});
  /** Where the live view is. */
  readonly address = signal<string>('');
  /** What the live view has for the number that was followed. */
  readonly told = signal<string>('');
  /** How far the text was scrolled when the person last asked for an address: it is followed again when it moves from there. */
  chosenAt = -1;
  readonly snippets: readonly Snippet[];
  readonly #sectionOf = new Map<number, readonly Snippet[]>();
  #frame: HTMLIFrameElement | null = null;
  #engine: Engine | null = null;

  constructor(
    readonly name: string,
    readonly document: LiveDocument,
  ) {
    const bySection = document.sections.map(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'snippet' ? [block.snippet] : [])),
    );
    this.snippets = bySection.flat();
    for (const own of bySection) for (const { index } of own) this.#sectionOf.set(index, own);
  }

  /** Ends the engine of the snippets. */
  close(): void {
    this.#engine?.close();
    this.#engine = null;
  }

  /** The values of a snippet's controls. */
  valuesOf({ index, controls }: Snippet): readonly number[] {
    return this.values.value[index] ?? controls.map(({ value }) => value);
  }

  /** Whether a snippet, or one above it in its section, has other values than in the text. */
  isChanged({ index }: Snippet): boolean {
    return (this.#sectionOf.get(index) ?? []).some(
      (other) => other.index <= index && this.values.value[other.index] !== undefined,
    );
  }

  /** Runs a snippet after those that it needs. Changed values count within a section: the next begins with the text's. */
  async run({ index }: Snippet): Promise<Output> {
    const section = this.#sectionOf.get(index) ?? [];
    const values = Object.fromEntries(
      this.snippets.map((other) => [
        other.index,
        section.includes(other) ? this.valuesOf(other) : other.controls.map(({ value }) => value),
      ]),
    );
    const before = this.outputs.value[index];
    this.#put(index, { state: 'running', text: before?.text ?? '' });
    this.#engine ??= new Engine({ onEvent: () => {}, onLost: () => this.close() });
    let output: Output;
    try {
      output = {
        state: 'done',
        text: await this.#engine.call('textRun', { name: this.name, index, values }),
      };
    } catch (error) {
      output = { state: 'failed', text: messageOf(error) };
    }
    this.#put(index, output);
    return output;
  }

  #put(index: number, output: Output): void {
    this.outputs.value = { ...this.outputs.value, [index]: output };
  }

  /** Sets a control, and runs what depends on it in its section. */
  async set(snippet: Snippet, control: number, value: number): Promise<void> {
    const next = this.valuesOf(snippet).map((old, k) => (k === control ? value : old));
    const isOwn = next.every((number, k) => number === snippet.controls[k].value);
    const { [snippet.index]: _, ...others } = this.values.value;
    this.values.value = isOwn ? others : { ...others, [snippet.index]: next };
    await this.#runFrom(snippet);
  }

  /** Gives all controls that a snippet depends on in its section the values of the text. */
  async reset(snippet: Snippet): Promise<void> {
    const own = (this.#sectionOf.get(snippet.index) ?? []).filter(({ index }) => index <= snippet.index);
    const kept = Object.entries(this.values.value).filter(
      ([index]) => !own.some((other) => other.index === Number(index)),
    );
    this.values.value = Object.fromEntries(kept);
    await this.#runFrom(own[0]);
  }

  async #runFrom(snippet: Snippet): Promise<void> {
    const after = (this.#sectionOf.get(snippet.index) ?? []).filter(
      ({ index, printed }) => index >= snippet.index && printed !== null,
    );
    await Promise.all(after.map((other) => this.run(other)));
  }

  /** The frame of the live view. */
  attach(frame: HTMLIFrameElement | null): void {
    this.#frame = frame;
    if (frame !== null && this.address.value !== '') this.#send();
  }

  #send(): void {
    // With something before the #, or the frame would be the page itself, which browsers do not nest.
    const address = `${location.href.split(/[?#]/)[0]}?docked${this.address.value}`;
    const { contentWindow } = this.#frame ?? {};
    // Following an address within the page leaves no trace in the history of the window.
    if (contentWindow) contentWindow.location.replace(address);
  }

  /** Brings the live view to an address that the person has asked for. */
  choose(address: string): void {
    this.chosenAt = scrollY;
    this.show(address);
  }

  /** Brings the live view to an address. */
  show(address: string): void {
    this.told.value = '';
    if (address === this.address.value) return;
    this.address.value = address;
    this.#send();
  }

  /** An element of the live view, once it shows all that it has to show; null where another address comes in between. */
  async #settled(selector: string): Promise<Element | null> {
    const { value: address } = this.address;
    for (let quiet = 0; quiet < 2; ) {
      await sleep(LOOK);
      if (this.address.value !== address || this.#frame === null) return null;
      const main = this.#frame.contentDocument?.querySelector('main[data-status=ready]');
      const isStill =
        main &&
        main.querySelector('[aria-busy=true], [data-drawing=true]') === null &&
        main.querySelector(selector);
      quiet = isStill ? quiet + 1 : 0;
    }
    return this.#frame?.contentDocument?.querySelector(selector) ?? null;
  }

  /** Brings the live view to an address, points at an element, and gives its numbers. */
  async point(address: string, selector: string): Promise<readonly number[]> {
    this.choose(address);
    const element = await this.#settled(selector);
    if (element === null) return [];
    for (const other of element.ownerDocument.querySelectorAll('.pointed')) other.classList.remove('pointed');
    element.classList.add('pointed');
    element.scrollIntoView({ block: 'center' });
    return numbersOf(element);
  }

  /** Follows a printed number to where the live view has it, and tells whether they agree. */
  async follow(address: string, selector: string, printed: string): Promise<void> {
    this.told.value = `Looking for ${printed} ...`;
    const { address: shown } = this;
    const numbers = await this.point(address, selector);
    if (shown.value !== address) return;
    const live = numbers.find((number) => agrees(printed, number)) ?? numbers[0];
    const verdict = live !== undefined && agrees(printed, live) ? 'the same' : 'not the same';
    this.told.value = `Text ${printed}, live ${live ?? 'none'}: ${verdict}.`;
  }

  /** The number that answers a question, from the live view or from a run. @throws Error where there is none. */
  async ask(source: Source): Promise<number> {
    if (source.kind === 'view') {
      const [number] = await this.point(source.address, source.shown);
      if (number === undefined) throw new Error('the live view has moved on; choose again');
      return number;
    }
    const { values, label, index } = source;
    for (const [name, value] of Object.entries(values)) {
      const owner = this.snippets.find(({ controls }) => controls.some((control) => control.name === name));
      if (owner === undefined) throw new Error(`there is no control ${name}`);
      await this.set(
        owner,
        owner.controls.findIndex((control) => control.name === name),
        value,
      );
    }
    const starts = (text: string): string | undefined =>
      text.split('\n').find((line) => line.startsWith(label));
    const snippet = this.snippets.find(({ printed }) => printed !== null && starts(printed) !== undefined);
    if (snippet === undefined) throw new Error(`no snippet prints '${label}'`);
    const { state, text } = await this.run(snippet);
    const number = numbersIn(starts(text) ?? '')[index];
    if (state === 'failed' || number === undefined) throw new Error(text);
    return Number(number.text);
  }
}
