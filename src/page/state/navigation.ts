import { effect } from '@preact/signals';
import { formatAddress, parseAddress, type ViewName } from './address.js';
import { app } from './app.js';
import { notify } from './notices.js';
import { open, play, restart } from './training.js';

/** Least time between two writings of the address, in milliseconds: browsers refuse more than some 100 in 30 s. */
const BETWEEN = { still: 350, training: 1000 } as const;
/** Marks the entries of the history that belong to this life of the page. */
const LIFE = `${performance.timeOrigin}`;

let written = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function write(): void {
  clearTimeout(timer);
  timer = undefined;
  // On the way to the step of a link the address says that step already.
  if (app.status === 'starting' || app.status === 'lost') return;
  written = performance.now();
  const hash = formatAddress(app.address);
  if (hash === location.hash) return;
  try {
    history.replaceState(LIFE, '', hash);
  } catch {
    // Too many at a time for this browser: a little later, then.
    writeSoon();
  }
}

/** Writes the address soon: at once if it has not been written for a while. */
function writeSoon(): void {
  if (timer !== undefined) {
    if (app.status === 'training') return;
    clearTimeout(timer);
  }
  const between = app.status === 'training' ? BETWEEN.training : BETWEEN.still;
  timer = setTimeout(write, Math.max(0, written + between - performance.now()));
}

/** The address of another view on the same model. */
export const addressOf = (name: ViewName): string =>
  formatAddress({ ...app.address, view: name, params: name === app.view ? app.params : {} });

/** Shows another view; the browser's Back leads to the one before. */
export function show(name: ViewName): void {
  if (name === app.view) return;
  write();
  history.pushState(LIFE, '', addressOf(name));
  app.view = name;
  app.params = {};
}

/** Follows the address where the person has changed it. */
function follow({ state }: PopStateEvent): void {
  const { address, problems } = parseAddress(location.hash);
  for (const problem of problems) notify(problem);
  app.view = address.view;
  app.params = address.params;
  // Back to another view: the model has gone on meanwhile, and stays.
  const same = JSON.stringify(address.settings) === JSON.stringify(app.settings);
  if (state === LIFE && same) writeSoon();
  else if (!same || address.at !== app.step) void open(address.settings, address.at);
}

/** Starts the page: the engine at the step of the address, or training at once when the address has none. */
export function start(): void {
  const { address, problems } = parseAddress(location.hash);
  for (const problem of problems) notify(problem);
  const { at } = address;
  void restart(at).then(() => {
    if (at === 0 && app.view === 'train') play();
  });
  let stood = -1;
  effect(() => {
    const { address, status } = app;
    // Where the model has come to a stop, the address says so at once.
    if (status === 'ready' && address.at !== stood) write();
    else if (status !== 'lost') writeSoon();
    stood = status === 'ready' ? address.at : -1;
  });
  addEventListener('popstate', follow);
}
