/* What lies on this device: one database, and beside it a spare copy of what the database would not take. Only what is
   encrypted already comes here. */

import "./vendor/idb.js";
import { base64, unbase64 } from "./bytes.js";

const NAME = "checker";
const VERSION = 1;
export const KEYS = {
  meta: null, vaults: "owner", boxes: ["owner", "kind", "id"], queue: "visit", photos: ["visit", "sha256"], receipts: "visit",
};
export const PATIENCE_MS = 900; // then a second copy is made and it is said
const SPARE = "checker.spare ";
const MOST_SPARED = 256 * 1024; // the spare copy has 5 MB in all: text's, not pictures'

/* --- what every tab hears --- */

const listeners = new Set();
const channel = new BroadcastChannel("checker");

/* `listener({type, …})`: "trouble" (what: storage, full, unsafe, newer, blocked or null when it is over), "locked" (owner),
   and what queue.js says. Returns how to stop. */
export function watch(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function hear(message) {
  for (const listener of listeners) listener(message);
}

channel.onmessage = ({ data }) => hear(data);

export function say(message) {
  channel.postMessage(message);
  hear(message);
}

const LASTING = ["full", "newer"]; // not over with the next success
let troubled = null;

export function trouble(what, instead = troubled) {
  if (troubled !== instead) return;
  if (troubled !== what) hear({ type: "trouble", what });
  troubled = what;
}

export const wait = (ms, value) => new Promise((resolve) => { setTimeout(resolve, ms, value); });

/* --- the database --- */

let connection = null;

function connect() {
  connection ??= globalThis.idb.openDB(NAME, VERSION, {
    upgrade(db) {
      for (const [store, keyPath] of Object.entries(KEYS)) {
        if (!db.objectStoreNames.contains(store)) db.createObjectStore(store, keyPath ? { keyPath } : {});
      }
    },
    blocked: () => trouble("blocked"),
    // a newer version of the app waits in another tab: what is running ends, what comes after goes to the spare copy
    blocking() {
      disconnect();
      trouble("newer");
    },
    terminated: disconnect,
  });
  return connection;
}

export function disconnect() {
  const old = connection;
  connection = null;
  old?.then((db) => db.close(), () => {});
}

/* Runs `work(tx)` to its durable end; what fails is tried once more over a fresh connection. `whole`: all that it does is
   asked for at once, so the end of the transaction is too. Otherwise the browser asks the page again before it commits, and a
   page that is left in between has stored nothing: so taps were lost that a reload followed. */
export async function act(stores, mode, work, { whole = false } = {}) {
  for (let again = true, full = false; ; ) {
    let tx;
    try {
      tx = (await connect()).transaction(stores, mode, { durability: "strict" });
      tx.done.catch(() => {}); // it is awaited below, unless the work itself fails first
      const working = work(tx);
      if (whole) {
        working.catch(() => {}); // the same is told by the transaction
        tx.commit();
      }
      // what the storage limit ends in Chromium now and then tells the transaction alone, and its requests never
      const result = await Promise.race([working, tx.done.then(() => working)]);
      if (mode === "readwrite" && !whole) tx.commit();
      await tx.done;
      return result;
    } catch (error) {
      try { tx?.abort(); } catch { /* it has ended already */ }
      disconnect();
      if (error.name === "VersionError") trouble("newer");
      if (error.name === "QuotaExceededError" && !full) {
        full = true;
        trouble("full");
        await act("meta", "readwrite", (other) => other.store.delete("ballast")).catch(() => {});
      } else if (again) again = false;
      else throw error;
    }
  }
}

export const read = (store, key) => act(store, "readonly", (tx) => tx.store.get(key));

/* --- the spare copy: what the database does not take now, encrypted as it would be there --- */

const packed = (_key, value) => (value instanceof Uint8Array ? { bytes: base64(value) } : value);
const unpacked = (_key, value) => (value?.bytes ? unbase64(value.bytes) : value);

const keyOf = (store, record) => [KEYS[store]].flat().map((name) => record[name]);
const slot = (store, key) => `${SPARE}${store} ${JSON.stringify([key].flat())}`;
const keyIn = (slotName) => JSON.parse(slotName.slice(slotName.indexOf("[")));

export function spared(store, key) {
  try {
    return JSON.parse(localStorage.getItem(slot(store, key)), unpacked);
  } catch {
    return null; // a worker has none, and some browsers forbid it
  }
}

/* The keys of a store's records of which there is a spare copy. */
export const spareKeys = (store) => spares(store).map(keyIn);

/* The spare copies themselves, but for damaged ones. */
export const spareRecords = (store) => spareKeys(store).map((key) => spared(store, key)).filter(Boolean);

export function spares(store) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(`${SPARE}${store ?? ""}`));
  } catch {
    return [];
  }
}

function spare(puts) {
  try {
    if (puts.some(([, record]) => record.box?.length > MOST_SPARED)) throw new DOMException("no room", "QuotaExceededError");
    for (const [store, record] of puts) localStorage.setItem(slot(store, keyOf(store, record)), JSON.stringify(record, packed));
  } catch (error) {
    trouble("unsafe");
    throw error;
  }
  if (!LASTING.includes(troubled)) trouble("storage");
}

function unspare(store, key, at) {
  const other = spared(store, key);
  if (other && !(other.at > at)) localStorage.removeItem(slot(store, key));
}

async function takeOneBack(slotName) {
  const [store, key] = [slotName.slice(SPARE.length).split(" ")[0], keyIn(slotName)];
  const record = spared(store, key);
  await act([store, "receipts"], "readwrite", async (tx) => {
    const target = tx.objectStore(store);
    const there = await target.get(key.length > 1 ? key : key[0]);
    const done = store === "queue" && (await tx.objectStore("receipts").get(record.visit))?.hash === record.hash;
    if (!done && (!there || there.at < record.at)) await target.put(record);
  });
  unspare(store, key, record.at);
}

/* Takes the spare copies back in, except where something newer is; one that does not go in keeps none of the others out. */
export async function takeBack() {
  let out = 0;
  for (const slotName of spares()) await takeOneBack(slotName).catch(() => { out += 1; });
  if (!out && !LASTING.includes(troubled)) trouble(null);
}

/* Stores and deletes in one step. `puts`: [store, record] that are encrypted already; `deletes`: [store, key]. What
   `unless(tx)` finds stands instead, and is returned. */
export async function write(puts, deletes = [], unless = null) {
  const late = puts.length && setTimeout(() => { try { spare(puts); } catch { /* it was said */ } }, PATIENCE_MS);
  let instead;
  try {
    const stores = new Set(["receipts", ...[...puts, ...deletes].map(([store]) => store)]);
    const all = (tx) => Promise.all([
      ...puts.map(([store, record]) => tx.objectStore(store).put(record)),
      ...deletes.map(([store, key]) => tx.objectStore(store).delete(key)),
    ]).then(() => null);
    if (unless) instead = await act([...stores], "readwrite", async (tx) => (await unless(tx)) ?? all(tx));
    else instead = await act([...stores], "readwrite", all, { whole: true });
  } catch (error) {
    if (!puts.length) throw error;
    return spare(puts);
  } finally {
    clearTimeout(late);
  }
  for (const [store, record] of puts) unspare(store, keyOf(store, record), record.at);
  for (const [store, key] of deletes) unspare(store, key, Infinity);
  if (troubled && !LASTING.includes(troubled)) takeBack().catch(() => {});
  return instead;
}

