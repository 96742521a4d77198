/* The service worker: one build's pages and scripts, whole or not at all, and the shell where a shopper's own store
   answers. The server puts BUILD, ASSETS, LANGUAGES and the import in front (checker/web/tablet/worker.py). */

const CACHE = `checker ${BUILD}`;
const FORMS = `checker forms ${BUILD}`;
const SHELL = /^\/(visits\/[0-9a-f-]{36}(\/(review|receipt|unfinished))?)?$/;
const PATIENCE_MS = 4000;
const DOWN = [502, 503, 504]; // what a proxy says while the server is away

const shellOf = (language) => `/tablet/shell/${language}`;

/* Fetches for keeping. Another build's answer, or anybody else's, is none. */
async function fetched(path) {
  const answer = await fetch(path, { cache: "no-cache", redirect: "error", headers: { "Checker-Protocol": "1" } });
  if (answer.status === 404 || (answer.ok && answer.headers.get("Checker-Build") === BUILD)) return answer;
  throw new Error(`${path}: ${answer.status}`);
}

async function keep(cache, path) {
  const answer = await fetched(path);
  if (answer.ok) await cache.put(path, answer);
  return answer;
}

/* Drafts of older checklists must find their forms offline after an update too, and a form fits one build's scripts only:
   so those kept so far are fetched anew, and until that has worked the old build stays. One that is gone is left out. */
async function takeForms() {
  const forms = await caches.open(FORMS);
  for (const name of await caches.keys()) {
    if (!name.startsWith("checker forms ") || name === FORMS) continue;
    for (const { url } of await (await caches.open(name)).keys()) await keep(forms, new URL(url).pathname);
  }
}

/* Each answer is put away as it comes: bodies that nobody reads would hold up the connections the others wait for. */
async function takeBuild() {
  const cache = await caches.open(CACHE);
  await Promise.all([...ASSETS, ...LANGUAGES.map(shellOf)].map(async (path) => {
    const answer = await keep(cache, path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  }));
}

addEventListener("install", (event) => {
  event.waitUntil(takeBuild().then(takeForms).catch(async (error) => {
    await Promise.all([CACHE, FORMS].map((name) => caches.delete(name))); // nothing half
    throw error;
  }));
});

addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("checker ") && ![CACHE, FORMS].includes(name)).map((name) => caches.delete(name))))
    .then(() => clients.claim()));
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
  if (event.data?.flush) event.waitUntil(flush(event.data.flush).then((said) => event.ports[0].postMessage(said)));
});

addEventListener("sync", (event) => {
  // a promise that fails makes the browser come again
  event.waitUntil(flush({ force: true }).then(({ waiting, done }) => { if (waiting || !done) throw new Error("some are left"); }));
});

const kept = async (name, path) => (await caches.open(name)).match(path);

async function shell(language) {
  const wanted = [language, ...navigator.languages.map((tag) => tag.slice(0, 2))].find((tag) => LANGUAGES.includes(tag));
  return kept(CACHE, shellOf(wanted ?? LANGUAGES[0]));
}

/* Somebody signed out while there was no network: the server hears of it before anybody is shown one of its pages. */
async function hasLeft() {
  if (!(await read("meta", "leaving").catch(() => null))) return true;
  const answer = await fetch("/tablet/leave", { method: "POST", signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  if (answer?.status !== 204) return false; // a captive portal's page says 200
  await act("meta", "readwrite", (tx) => tx.store.delete("leaving"));
  return true;
}

/* Somebody signs out on a page of the server: what is theirs is closed here too, and the server hears of it by and by. */
async function leave(request) {
  await act("meta", "readwrite", (tx) => tx.store.put(true, "leaving")).then(() => lock({ leave: true })).catch(() => {});
  return fetch(request).catch(async () => (await shell()) ?? Response.error());
}

/* A person's page: the shell, where a vault is open here or was left to its PIN; else the server, while there is one. */
async function page(request, { shells }) {
  const opened = await read("meta", "open").catch(() => null);
  if (!(await hasLeft())) return (await shell(opened?.language)) ?? Response.error();
  if (!shells) return fetch(request);
  if (opened) return (await shell(opened.language)) ?? fetch(request);
  const network = fetch(request);
  const slow = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
  const answer = await Promise.race([network, slow]).catch(() => null);
  return answer && !DOWN.includes(answer.status) ? answer : (await shell()) ?? network;
}

async function form(request, path) {
  const forms = await caches.open(FORMS);
  const held = await forms.match(path);
  if (held) return held;
  const answer = await fetch(request);
  // where there is no room it is shown all the same
  if (answer.ok && answer.headers.get("Checker-Build") === BUILD) await forms.put(path, answer.clone()).catch(() => {});
  return answer;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const ours = request.referrer.startsWith(`${location.origin}/`); // our pages say so; a form of another site signs nobody out
  if (request.method === "POST" && pathname === "/logout" && ours) event.respondWith(leave(request));
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith(`/s/${BUILD}/`)) {
    event.respondWith(kept(CACHE, pathname).then((held) => held ?? fetch(request)));
  } else if (request.mode === "navigate") {
    event.respondWith(page(request, { shells: SHELL.test(pathname) }));
  } else if (pathname.startsWith("/tablet/forms/")) {
    event.respondWith(form(request, pathname));
  }
});
