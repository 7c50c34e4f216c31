import { effect } from '@preact/signals';
import { formatAddress, parseAddress, type ViewName } from './address.js';
import { currentAddress, notify, open, params, play, restart, settings, status, view } from './app.js';

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
  if (status.value === 'starting' || status.value === 'lost') return;
  written = performance.now();
  const hash = formatAddress(currentAddress());
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
    if (status.value === 'training') return;
    clearTimeout(timer);
  }
  const between = status.value === 'training' ? BETWEEN.training : BETWEEN.still;
  timer = setTimeout(write, Math.max(0, written + between - performance.now()));
}

/** The address of another view on the same model. */
export const addressOf = (name: ViewName): string =>
  formatAddress({ ...currentAddress(), view: name, params: name === view.value ? params.value : {} });

/** Shows another view; the browser's Back leads to the one before. */
export function show(name: ViewName): void {
  if (name === view.value) return;
  write();
  history.pushState(LIFE, '', addressOf(name));
  view.value = name;
  params.value = {};
}

/** Follows the address where the person has changed it. */
function follow({ state }: PopStateEvent): void {
  const { address, problems } = parseAddress(location.hash);
  for (const problem of problems) notify(problem);
  view.value = address.view;
  params.value = address.params;
  // Back to another view: the model has gone on meanwhile, and stays.
  const same = JSON.stringify(address.settings) === JSON.stringify(settings.value);
  if (state === LIFE && same) writeSoon();
  else if (!same || address.at !== currentAddress().at) void open(address.settings, address.at);
}

/** Starts the page: the engine at the step of the address, or training at once when the address has none. */
export function start(): void {
  const { at } = parseAddress(location.hash).address;
  void restart(at).then(() => {
    if (at === 0 && view.value === 'train') play();
  });
  let stood = -1;
  effect(() => {
    const address = currentAddress();
    const now = status.value;
    // Where the model has come to a stop, the address says so at once.
    if (now === 'ready' && address.at !== stood) write();
    else if (now !== 'lost') writeSoon();
    stood = now === 'ready' ? address.at : -1;
  });
  addEventListener('popstate', follow);
}
