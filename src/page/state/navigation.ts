import { effect } from '@preact/signals';
import { type Address, everywhere, formatAddress, parseAddress, type ViewName } from './address.js';
import { app } from './app.js';
import { notify } from './notices.js';
import { open, play, restart } from './training.js';

/** Minimum milliseconds between updates of the address: browsers allow about 100 in 30 s. */
const BETWEEN = { still: 350, training: 1000 } as const;
/** Marks the history entries made since the page was loaded. */
const LIFE = `${performance.timeOrigin}`;

let written = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function write(): void {
  clearTimeout(timer);
  timer = undefined;
  // While catching up, the address already has the step of the link.
  if (app.status === 'starting' || app.status === 'lost') return;
  written = performance.now();
  const hash = formatAddress(app.address);
  if (hash === location.hash) return;
  try {
    history.replaceState(LIFE, '', hash);
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
  timer = setTimeout(write, Math.max(0, written + between - performance.now()));
}

/** The address of another view on the same model; of this one as it is, unless with other parameters. */
export const addressOf = (name: ViewName, params?: Address['params']): string =>
  formatAddress({ ...app.address, view: name, params: paramsOf(name, params) });

const paramsOf = (name: ViewName, params?: Address['params']): Address['params'] =>
  params === undefined && name === app.view ? app.params : { ...everywhere(app.params), ...params };

/** Shows another view; the browser's Back leads to the one before. */
export function show(name: ViewName, params?: Address['params']): void {
  if (name === app.view && params === undefined) return;
  write();
  const next = paramsOf(name, params);
  history.pushState(LIFE, '', addressOf(name, params));
  app.view = name;
  app.params = next;
}

/** Opens what the address says after the person has changed it. */
function follow({ state }: PopStateEvent): void {
  const { address, problems } = parseAddress(location.hash);
  for (const problem of problems) notify(problem);
  app.view = address.view;
  app.params = address.params;
  // Back to another view: the model stays as it is now.
  const same = JSON.stringify(address.settings) === JSON.stringify(app.settings);
  if (state === LIFE && same) writeSoon();
  else if (!same || address.at !== app.step) void begin(open(address.settings, address.at), address.at);
}

/** Without a step in its address, the view Train starts training. */
const begin = (opened: Promise<void>, at: number): Promise<void> =>
  opened.then(() => {
    if (at === 0 && app.view === 'train') play();
  });

/** Starts the engine at the step of the address; without one, starts training. */
export function start(): void {
  const { address, problems } = parseAddress(location.hash);
  for (const problem of problems) notify(problem);
  const { at } = address;
  void begin(restart(at), at);
  let stood = -1;
  effect(() => {
    const { address, status } = app;
    // A model that has stopped is in the address at once.
    if (status === 'ready' && address.at !== stood) write();
    else if (status !== 'lost') writeSoon();
    stood = status === 'ready' ? address.at : -1;
  });
  addEventListener('popstate', follow);
}
