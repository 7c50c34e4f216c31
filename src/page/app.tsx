import { useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { clip, messageOf } from '../tensor/describe.js';
import { VIEWS, type ViewName } from './state/address.js';
import { app } from './state/app.js';
import { addressOf, show } from './state/navigation.js';
import { dismiss, notify } from './state/notices.js';
import { Transport } from './transport.js';
import { Problem } from './ui/card.js';
import { Select } from './ui/fields.js';
import { hasModifier } from './ui/modifier.js';
import { chooseTheme, THEMES, themeChoice } from './ui/theme.js';
import { views } from './views/index.js';

function Notices() {
  return (
    <div class="notices" role="alert">
      {app.notices.map(({ id, text, kind }) => (
        <p class={`notice ${kind}`} key={id}>
          <span>{text}</span>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              dismiss(id);
              // The focus goes on from where the message was, not from the top of the page.
              document.getElementById('content')?.focus({ preventScroll: true });
            }}
          >
            Dismiss
          </button>
        </p>
      ))}
    </div>
  );
}

function Tabs() {
  return (
    <nav class="tabs" aria-label="Views">
      {VIEWS.map((name) => (
        <a
          key={name}
          href={addressOf(name)}
          aria-current={app.view === name ? 'page' : undefined}
          onClick={(event) => {
            if (hasModifier(event)) return;
            event.preventDefault();
            show(name);
          }}
        >
          {views[name].title}
        </a>
      ))}
    </nav>
  );
}

/** Copies the address, which shows another person the same model, numbers and choices. */
function CopyLink() {
  const copied = useSignal(false);
  const copy = async (): Promise<void> => {
    const link = new URL(addressOf(app.view), location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      copied.value = true;
      setTimeout(() => {
        copied.value = false;
      }, 2000);
    } catch {
      notify(`This browser does not let the page copy. The link is ${link}`, 'note');
    }
  };
  return (
    <>
      <button type="button" class="quiet" onClick={() => void copy()}>
        {copied.value ? 'Copied' : 'Copy link'}
      </button>
      <span class="hidden" role="status">
        {copied.value && 'The link is copied'}
      </span>
    </>
  );
}

/** The view, once its code has loaded. */
function Shown({ name }: { readonly name: ViewName }) {
  const loaded = useSignal<{ readonly name: ViewName; readonly View: ComponentType } | null>(null);
  const problem = useSignal<string | null>(null);
  useEffect(() => {
    problem.value = null;
    views[name].load().then(
      (View) => {
        loaded.value = { name, View };
      },
      (error: unknown) => {
        problem.value = `This view could not be loaded (${messageOf(error)}). Reload the page.`;
      },
    );
  }, [name, loaded, problem]);
  if (problem.value !== null) return <Problem text={problem.value} />;
  if (loaded.value?.name !== name) return <p class="soft">Loading ...</p>;
  const { View } = loaded.value;
  return <View />;
}

/** The title of the window: the view, and what of it is shown. */
function titleOf({ view, params }: Pick<typeof app, 'view' | 'params'>): string {
  const { title, subject } = views[view];
  const shown = params[subject];
  return `${title}${shown === undefined ? '' : `: ${clip(shown)}`} · Pathwise`;
}

/** Beside a text, in a frame: the view alone. The text says what is seen, and when. */
const docked = new URLSearchParams(location.search).has('docked');
document.documentElement.classList.toggle('docked', docked);

export function App() {
  useSignalEffect(() => {
    document.title = titleOf(app);
  });
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <div class="brand">
          <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2 13C6 13 6 3 14 3" />
            <circle cx="8" cy="8" r="2.2" />
          </svg>
          <h1>Pathwise</h1>
        </div>
        <Tabs />
        <div class="row tools">
          <CopyLink />
          <Select
            class="bare"
            label="Colours"
            value={themeChoice.value}
            options={THEMES.map((name) => [name, name])}
            onChoose={chooseTheme}
          />
        </div>
      </header>
      <Transport />
      <Notices />
      <main id="content" tabIndex={-1} data-status={app.status} aria-label={docked ? 'Live view' : undefined}>
        <Shown name={app.view} />
      </main>
      <footer>
        <a href="licenses.txt">Licences</a>
      </footer>
    </>
  );
}
