import { VIEWS } from './state/address.js';
import { at, dismiss, facts, notices, restart, show, status, view } from './state/app.js';
import { views } from './views/index.js';

function Notices() {
  return (
    <div class="notices" role="alert">
      {notices.value.map((message, i) => (
        <p class="notice" key={`${i} ${message}`}>
          {message}
          <button type="button" onClick={() => dismiss(i)}>
            Dismiss
          </button>
        </p>
      ))}
    </div>
  );
}

/** What the engine is and does, in the words that every view has at its top. */
function Status() {
  const known = facts.value;
  const engine =
    known &&
    `${known.backend === 'simd' ? 'SIMD' : 'plain'}, ${known.threads} thread${known.threads === 1 ? '' : 's'}`;
  return (
    <p class="status">
      <span>
        step {at.value}, {status.value}
      </span>
      {engine && <span> · {engine}</span>}
      {status.value === 'lost' && (
        <button type="button" onClick={() => void restart()}>
          Restart
        </button>
      )}
    </p>
  );
}

export function App() {
  const shown = views[view.value];
  return (
    <>
      <header class="top">
        <h1>Pathwise</h1>
        <nav aria-label="Views">
          {VIEWS.map((name) => {
            const { title } = views[name] ?? { title: name };
            return (
              <a
                key={name}
                href={`#/${name}`}
                aria-current={view.value === name ? 'page' : undefined}
                onClick={(event) => {
                  event.preventDefault();
                  show(name);
                }}
              >
                {title}
              </a>
            );
          })}
        </nav>
        <Status />
      </header>
      <Notices />
      <main>{shown ? <shown.View /> : null}</main>
    </>
  );
}
