/** A service worker: adds the headers with which a page can share memory between threads to what the host sends. */
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));

/** What the host sends, with the headers. */
async function isolated(request) {
  const response = await fetch(request);
  // A redirect that the browser follows by itself cannot be read.
  if (response.status === 0) return response;
  const { status, statusText, body } = response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  return new Response(body, { status, statusText, headers });
}

addEventListener('fetch', (event) => {
  const { request } = event;
  const isOwn = new URL(request.url).origin === location.origin;
  if (isOwn && request.cache !== 'only-if-cached') event.respondWith(isolated(request));
});
