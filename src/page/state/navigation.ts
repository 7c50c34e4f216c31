import { effect } from '@preact/signals';
import { type Settings, settingsText } from '../shared/settings.js';
import { type Address, everywhere, formatAddress, parseAddress, type ViewName } from './address.js';
import { app } from './app.js';
import { notify } from './notices.js';
import { keep, keepBeforeClosing, open, play, restart, runOf } from './training.js';

/** Minimum milliseconds between updates of the address: browsers allow about 100 in 30 s. */
const BETWEEN = { still: 350, training: 1000 } as const;

/**
 * Milliseconds without an update of the address once the window may close: Chromium gives the page that it is loading no state
 * of the history where the address changes meanwhile.
 */
const CLOSING = 3000;

/** What an entry of the browser's history knows of the window that made it, beside its address. */
interface Entry {
  /** When the page was loaded: an entry of another life has another engine. */
  readonly life: number;
  readonly session: number;
  readonly origin: string | null;
  readonly training: boolean;
}

const LIFE = performance.timeOrigin;

const entryOf = (): Entry => ({
  life: LIFE,
  session: app.session,
  origin: app.origin,
  training: app.status === 'training',
});

const isEntry = (state: unknown): state is Entry =>
  typeof state === 'object' && state !== null && 'life' in state && 'session' in state;

let written = 0;
/** The time before which the address is not updated. */
let held = 0;
/** The session of the entry that the address is in. */
let current = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function write(): void {
  clearTimeout(timer);
  timer = undefined;
  // While catching up, the address already has the step of the link.
  if (app.status === 'starting' || app.status === 'lost') return;
  if (performance.now() < held) {
    writeSoon();
    return;
  }
  written = performance.now();
  const [hash, entry] = [formatAddress(app.address), entryOf()];
  if (hash === location.hash && JSON.stringify(entry) === JSON.stringify(history.state)) return;
  const past = current === app.session ? undefined : app.past.at(-1);
  current = app.session;
  try {
    if (past !== undefined) {
      // Back leads to the training that this one took the place of, as it was left.
      const { settings, at, origin } = past;
      const before = { ...entry, session: current - 1, origin, training: false };
      history.replaceState(before, '', formatAddress({ ...app.address, settings, at }));
      history.pushState(entry, '', hash);
    } else history.replaceState(entry, '', hash);
  } catch {
    // Too many updates for this browser: try again later.
    writeSoon();
  }
}

/** Updates the address, now or when enough time has passed since the last update. */
function writeSoon(): void {
  if (timer !== undefined) {
    if (app.status === 'training') return;
    clearTimeout(timer);
  }
  const between = app.status === 'training' ? BETWEEN.training : BETWEEN.still;
  timer = setTimeout(write, Math.max(0, Math.max(written + between, held) - performance.now()));
}

/** The address of another view on the same model; of this one as it is, unless with other parameters. */
export const addressOf = (name: ViewName, params?: Address['params']): string =>
  formatAddress({ ...app.address, view: name, params: paramsOf(name, params) });

/** How each view was left, which its tab comes back to. */
const left = new Map<ViewName, { readonly params: Address['params']; readonly scroll: number }>();

const paramsOf = (name: ViewName, params?: Address['params']): Address['params'] =>
  params === undefined && name === app.view
    ? app.params
    : { ...(params ?? left.get(name)?.params), ...everywhere(app.params), ...params };

/** Milliseconds in which a view may grow to where it was scrolled. */
const GROWING = 1000;

/** Scrolls a view to where it was left, once it is there and long enough. */
function scrollBack(name: ViewName, to: number, until: number): void {
  scrollTo(0, to);
  if (scrollY >= Math.floor(to) || app.view !== name) return;
  requestAnimationFrame((now) => {
    if (now < until) scrollBack(name, to, until);
  });
}

/** Shows another view; the browser's Back leads to the one before. */
export function show(name: ViewName, params?: Address['params']): void {
  if (name === app.view && params === undefined) return;
  write();
  left.set(app.view, { params: app.params, scroll: scrollY });
  const next = paramsOf(name, params);
  history.pushState(entryOf(), '', addressOf(name, params));
  app.view = name;
  app.params = next;
  const scroll = params === undefined ? (left.get(name)?.scroll ?? 0) : 0;
  requestAnimationFrame(() => requestAnimationFrame((now) => scrollBack(name, scroll, now + GROWING)));
}

/** Opens what the address says after the person has changed it. */
function follow({ state }: PopStateEvent): void {
  const { address, problems } = parseAddress(location.hash);
  for (const problem of problems) notify(problem);
  app.view = address.view;
  app.params = address.params;
  const known = isEntry(state) ? state : null;
  const same = JSON.stringify(address.settings) === JSON.stringify(app.settings);
  // Back to another view: the model stays as it is now.
  if (known?.life === LIFE && known.session === app.session && same) writeSoon();
  else if (!same || address.at !== app.step) {
    void begin(open(address.settings, address.at, { origin: known?.origin ?? null }), address.at);
    current = app.session;
  }
}

/** The key under which a closing window saves its settings and entry for the page that replaces it. */
const CLOSED = 'pathwise.closed';

/** Saves a checkpoint and this window's entry, from which a reload goes on. */
function close(): void {
  held = performance.now() + CLOSING;
  writeSoon();
  try {
    // The live view beside a text is a page in a frame of the same tab.
    if (self === top) sessionStorage.setItem(CLOSED, JSON.stringify([settingsText(app.settings), entryOf()]));
  } catch {
    // Storage is denied: the history has what was written last.
  }
  keepBeforeClosing();
}

/** The entry that a window with these settings saved when it closed; null if there is none. */
function closed(settings: Settings): Entry | null {
  try {
    const [text, entry]: [string, unknown] = JSON.parse(sessionStorage.getItem(CLOSED) ?? '["", null]');
    return self === top && text === settingsText(settings) && isEntry(entry) ? entry : null;
  } catch {
    return null;
  }
}

/** What the window was at before it was loaded again; null where it is opened by a link. */
function before(settings: Settings): Entry | null {
  const [navigation] = performance.getEntriesByType('navigation');
  const type = navigation instanceof PerformanceNavigationTiming ? navigation.type : null;
  if (type === 'navigate') return null;
  const left = type === 'reload' ? closed(settings) : null;
  return left ?? (isEntry(history.state) ? history.state : null);
}

/** Without a step in its address, the view Train starts training; so does what trained before the page was loaded again. */
const begin = (opened: Promise<void>, at: number, goesOn = false): Promise<void> =>
  opened.then(() => {
    if (goesOn || (at === 0 && app.view === 'train')) play();
  });

/** Starts the engine at the step of the address; without one, starts training. */
export function start(): void {
  const { address, problems } = parseAddress(location.hash);
  for (const problem of problems) notify(problem);
  const { at } = address;
  const was = before(address.settings);
  const opened = restart(at, {
    origin: was?.origin ?? null,
    after: was === null ? null : runOf(was.session, was.life),
  });
  current = app.session;
  void begin(opened, at, was?.training);
  let stood = -1;
  effect(() => {
    const { address, status } = app;
    // A model that has stopped is in the address at once.
    if (status === 'ready' && address.at !== stood) write();
    else if (status !== 'lost') writeSoon();
    stood = status === 'ready' ? address.at : -1;
  });
  addEventListener('popstate', follow);
  addEventListener('beforeunload', close);
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keep();
  });
}
