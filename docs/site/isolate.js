/**
 * Starts the page of the site. Threads need memory that they share, which a browser gives only to pages with two headers. Where the
 * host does not send them, a service worker answers with them from the second load on, so the page is loaded twice the first
 * time. Where the browser refuses service workers, the page runs on one thread.
 */

/** Marks that this tab was loaded again for it, so that it is not loaded a third time. */
const KEY = 'pathwise-loaded-again';
/** Milliseconds that a service worker may take to start. */
const PATIENCE = 4000;

const { page } = document.querySelector('script[data-page]').dataset;

/** Whether loading the page again will bring it the headers. */
async function helps() {
  const { serviceWorker } = navigator;
  // What is in a frame follows the page around it.
  if (crossOriginIsolated || serviceWorker === undefined || parent !== window) return false;
  if (sessionStorage.getItem(KEY) !== null) return false;
  const change = new Promise((resolve) => {
    serviceWorker.addEventListener('controllerchange', () => resolve(true), { once: true });
    setTimeout(() => resolve(false), PATIENCE);
  });
  const { active } = await serviceWorker.register('./headers.js');
  // One that is there already has been passed by once, as by a reload with Shift.
  const takesOver = active !== null || (await change);
  if (takesOver) sessionStorage.setItem(KEY, 'yes');
  return takesOver;
}

let again = false;
try {
  again = await helps();
} catch {
  // A browser may refuse service workers, or to store anything.
}
if (again) location.reload();
else await import(page);
