/* What is unsent, as a page sees it: how each visit stands, and when it is time to send. The sending itself is in
   sending.js; the service worker does it for all pages, so that they load it only where there is none. */

import { act, read, say, spareKeys, spareRecords, takeBack, wait, watch } from "./database.js";
import { peek } from "./vault.js";

const FIRST_MS = 2000;
const LONGEST_MS = 5 * 60_000;
const WORKER_MS = 60_000; // a worker that says nothing for so long was ended by the browser
const IDLE_MS = 10 * 60_000;

export const backOff = (tries) => Math.min(LONGEST_MS, FIRST_MS * 2 ** tries) * (0.75 + Math.random() / 2);
export const all = (store) => act(store, "readonly", (tx) => tx.store.getAll());
export const keys = (store) => act(store, "readonly", (tx) => tx.store.getAllKeys());

/* --- sending --- */

const sending = () => import("./sending.js");

/* What the server says of this device, or null. */
export const contact = async () => (await sending()).contact();

/* The page has said that so many visits are missing, which the server knew to be here (see `contact`). */
export async function shownMissing(count) {
  await act("meta", "readwrite", (tx) => tx.store.put(count, "shown"));
  say({ type: "changed" });
  return contact();
}

/* Send was tapped; see sending.js. It is safe when this returns, and on its way. */
export async function enqueue(visit) {
  const record = await (await sending()).enqueue(visit);
  askForSync();
  flush({ force: true });
  return record;
}

/* Somebody looked at what needs attention: it is tried once more as it is. */
export async function retry(visit) {
  await (await sending()).retry(visit);
  return flush({ force: true });
}

function byWorker(worker, wish) {
  const { port1, port2 } = new MessageChannel();
  const told = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
  worker.postMessage({ flush: wish }, [port2]);
  return Promise.race([told, wait(WORKER_MS, { done: false, due: 0 })]);
}

let silence = 0; // how often the server took nothing, in a row
let timer = null;

/* Sends what is due (`force`: and what would be tried later); returns how many visits still wait. Goes on by itself. */
export async function flush(wish = {}) {
  await takeBack().catch(() => {}); // a worker cannot see the spare copies
  const worker = navigator.serviceWorker?.controller;
  const { waiting, done, due } = await (worker ? byWorker(worker, wish) : (await sending()).flush(wish));
  silence = done ? 0 : silence + 1;
  const first = Math.min(Date.now() + IDLE_MS, Math.max(due ?? Infinity, done ? 0 : Date.now() + backOff(silence - 1)));
  clearTimeout(timer);
  timer = setTimeout(flush, Math.max(FIRST_MS / 2, first - Date.now()));
  return waiting;
}

function askForSync() {
  navigator.serviceWorker?.ready.then(({ sync }) => sync?.register("checker.queue")).catch(() => {});
}

/* A page begins: it sends now, when the network is back, when somebody looks, and from time to time. */
export function start() {
  addEventListener("online", () => flush({ force: true }));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush({ force: true }); });
  askForSync();
  return flush({ force: true });
}

/* --- how it stands --- */

let under = null; // the visit that is being sent
watch(({ type, visit }) => { if (type === "sending") under = visit; });

/* How each visit of the open vault stands (draft, waiting, sending, received, attention), and what all hold together:
   {visits: [{visit, state, hash?, problem?, received_at?, photos}], unsent, drafts}. `photos`: how many are still here. */
export async function state() {
  const owner = (await peek())?.owner;
  const [queue, receipts, photos, boxes] = [await all("queue"), await all("receipts"), await keys("photos"), await keys("boxes")];
  const troubles = (await read("meta", "photos")) ?? {};
  const visits = new Map();
  for (const { visit, owner: of, hash, received_at } of receipts) if (of === owner) visits.set(visit, { state: "received", hash, received_at });
  for (const [of, kind, visit] of [...boxes, ...spareKeys("boxes")]) if (of === owner && kind === "draft") visits.set(visit, { state: "draft" }); // also one that came back
  for (const { visit, owner: of, hash, state: now, problem } of [...queue, ...spareRecords("queue")]) {
    if (of === owner) visits.set(visit, { state: visit === under ? "sending" : now, hash, problem });
  }
  for (const [visit, about] of visits) {
    about.photos = photos.filter(([of]) => of === visit).length;
    const wrong = Object.entries(troubles).find(([id]) => id.startsWith(visit));
    if (wrong && about.state === "received") Object.assign(about, { state: "attention", problem: wrong[1] });
  }
  return { visits: Array.from(visits, ([visit, about]) => ({ visit, ...about })), ...(await counts()) };
}

/* How many visits are not yet at the server with all they have, and how many drafts there are; of everybody's. */
export async function counts() {
  const unsent = new Set([...(await keys("queue")), ...spareKeys("queue").flat(), ...(await keys("photos")).map(([visit]) => visit)]);
  const drafts = (await keys("boxes")).filter(([, kind, id]) => kind === "draft" && !unsent.has(id));
  return { unsent: unsent.size, drafts: drafts.length };
}
