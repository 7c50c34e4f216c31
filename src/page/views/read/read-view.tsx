import { hasModifier } from '../../ui/modifier.js';
import '../../style/read.css';
import { list } from 'virtual:documents';
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { messageOf } from '../../../tensor/describe.js';
import type { Block, LiveDocument } from '../../shared/document.js';
import { app } from '../../state/app.js';
import { pause, play } from '../../state/training.js';
import { Problem, Problems } from '../../ui/card.js';
import { Formula } from '../../ui/equation.js';
import { Select } from '../../ui/fields.js';
import { Dock } from './dock.js';
import { params } from './params.js';
import { Prediction } from './prediction.js';
import { Reading } from './reading.js';
import { Snippet } from './snippet.js';

function BlockView({ block, reading }: { readonly block: Block; readonly reading: Reading }) {
  if (block.kind === 'html') return <div dangerouslySetInnerHTML={{ __html: block.html }} />;
  if (block.kind === 'snippet') return <Snippet snippet={block.snippet} reading={reading} />;
  if (block.kind === 'live') return <span class="mark" data-live={block.address} />;
  if (block.kind === 'prediction') return <Prediction asked={block.prediction} reading={reading} />;
  return (
    <div class="formula">
      {block.lines.map((line) => (
        <p key={line}>
          <Formula text={line} />
        </p>
      ))}
    </div>
  );
}

/** The share of the window's height at which a mark counts as passed. */
const PASSED = 0.4;
/** Milliseconds that the text must rest before the live view follows it. */
const REST = 250;

/** Lets the live view follow the text as it scrolls by, and the address the section. */
function useScroll(reading: Reading): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last: string | null = null;
    const passed = (selector: string): HTMLElement | undefined =>
      [...document.querySelectorAll<HTMLElement>(selector)].findLast(
        (element) => element.getBoundingClientRect().top <= PASSED * innerHeight,
      );
    const look = (): void => {
      const mark = passed('.text [data-live]') ?? document.querySelector<HTMLElement>('.text [data-live]');
      const address = mark?.dataset.live;
      if (address !== undefined && address !== last && scrollY !== reading.chosenAt) reading.show(address);
      last = address ?? last;
      params.set({ section: passed('.text section')?.id ?? 'start' });
    };
    const onScroll = (): void => {
      clearTimeout(timer);
      timer = setTimeout(look, REST);
    };
    look();
    addEventListener('scroll', onScroll, { passive: true });
    addEventListener('resize', onScroll);
    return () => {
      clearTimeout(timer);
      removeEventListener('scroll', onScroll);
      removeEventListener('resize', onScroll);
    };
  }, [reading]);
}

/** Lets links into the page be followed by the live view. */
function useLinks(root: RefObject<HTMLElement | null>, reading: Reading): void {
  useEffect(() => {
    const element = root.current;
    const follow = (event: MouseEvent): void => {
      if (hasModifier(event) || event.defaultPrevented) return;
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const address = link?.getAttribute('href');
      if (!address?.startsWith('#')) return;
      event.preventDefault();
      reading.choose(address);
    };
    element?.addEventListener('click', follow);
    return () => element?.removeEventListener('click', follow);
  }, [root, reading]);
}

function Contents({ document }: { readonly document: LiveDocument }) {
  const { section } = params.value;
  return (
    <details class="contents">
      <summary>Contents</summary>
      <ol>
        {document.sections
          .filter(({ title }) => title !== '')
          .map(({ id, title }) => (
            <li key={id}>
              <button
                type="button"
                class="quiet"
                aria-current={id === section ? 'location' : undefined}
                onClick={() => window.document.getElementById(id)?.scrollIntoView()}
                dangerouslySetInnerHTML={{ __html: title }}
              />
            </li>
          ))}
      </ol>
    </details>
  );
}

function Text({ name, document: read }: { readonly name: string; readonly document: LiveDocument }) {
  const reading = useMemo(() => new Reading(name, read), [name, read]);
  useEffect(() => () => reading.close(), [reading]);
  const begun = useRef(params.value.section);
  useEffect(() => {
    if (begun.current !== 'start') document.getElementById(begun.current)?.scrollIntoView();
  }, []);
  useScroll(reading);
  const root = useRef<HTMLElement>(null);
  useLinks(root, reading);
  return (
    <div class="read-columns">
      <article class="text" ref={root}>
        <h2 dangerouslySetInnerHTML={{ __html: read.title }} />
        <Contents document={read} />
        {read.sections.map(({ id, title, blocks }) => (
          <section key={id} id={id} aria-labelledby={title === '' ? undefined : `${id}-title`}>
            {title !== '' && <h3 id={`${id}-title`} dangerouslySetInnerHTML={{ __html: title }} />}
            {blocks.map((block, k) => (
              <BlockView key={`${id} ${k}`} block={block} reading={reading} />
            ))}
          </section>
        ))}
      </article>
      <Dock reading={reading} />
    </div>
  );
}

/** A text of the project beside the live view of the model that it speaks of. */
export function ReadView() {
  const { text } = params.value;
  const name = text in list ? text : 'reparameterization';
  const loaded = useSignal<{ readonly name: string; readonly document: LiveDocument } | null>(null);
  const problem = useSignal<string | null>(null);
  useEffect(() => {
    list[name]().then(
      ({ document }) => {
        loaded.value = { name, document };
      },
      (error: unknown) => {
        problem.value = `The text could not be loaded (${messageOf(error)}). Reload the page.`;
      },
    );
  }, [name]);
  // The person's own model waits until the text is left: two engines at a time are slow.
  useEffect(() => {
    const wasTraining = app.status === 'training';
    if (wasTraining) pause();
    return () => {
      if (wasTraining) play();
    };
  }, []);
  const found = loaded.value?.name === name ? loaded.value : null;
  const names = Object.keys(list);
  return (
    <div class="read" aria-busy={found === null}>
      <Problems texts={[...params.problems, name === text ? null : `There is no text '${text}'.`]} />
      <Problem text={problem.value} />
      {names.length > 1 && (
        <Select
          class="row small"
          label="Text"
          value={name}
          options={names.map((one) => [one, one])}
          onChoose={(next) => params.set({ text: next, section: 'start' })}
        />
      )}
      {found && <Text key={name} name={name} document={found.document} />}
    </div>
  );
}
