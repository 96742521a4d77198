/* A person's encrypted store on this device. Nothing in it can be read without a password or PIN of its owner together
   with the device's own key, which no script can take out of the browser. What has been sealed to the server lies beside
   it and needs neither. */

import { bytesOf, join } from "./bytes.js";
import { KEYS, PATIENCE_MS, act, read, say, spareRecords, spared, spares, takeBack, trouble, wait, watch, write } from "./database.js";

export { act, read, watch } from "./database.js";

const MINUTE = 60_000;
const BALLAST = 8 * 65_536; // let go when the device is full, so that text still fits
const ROOM = 100 * BALLAST;

/* Each said in unlock.js, which a page needs only when somebody signs in. */
const unlock = (name) => async (...said) => (await import("./unlock.js"))[name](...said);
export const [create, open, known, setPin, recover] = ["create", "open", "known", "setPin", "recover"].map(unlock);

/* --- keys --- */

export const dataKey = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

export async function encrypt(key, bytes, about) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytesOf(about) }, key, bytes);
  return { iv, box: new Uint8Array(box) };
}

export const decrypt = (key, { iv, box }, about) =>
  crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytesOf(about) }, key, box);

/* This browser: its own key, and when it was born. Another birth than last time tells the server that all was lost. */
export async function device() {
  const known = await read("meta", "device");
  if (known) return known;
  const key = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return act("meta", "readwrite", async (tx) => {
    const first = await tx.store.get("device"); // of another tab
    const made = first ?? { key, born: new Date().toISOString() };
    if (!first) await tx.store.put(made, "device");
    return made;
  });
}

/* --- vaults --- */

/* The vault this page works with, also when the database fails. Once locked only the key goes: a page that shows one
   person's answers must not put them into the next one's vault. */
let mine = null;

function forget() {
  mine = mine && { owner: mine.owner };
}

watch(({ type, owner }) => { if (type === "locked" && owner === mine?.owner) forget(); });

/* The vault that `raw` belongs to is the open one from now on. */
export async function enter(owner, raw, { minutes, language }) {
  const opened = { owner, key: await dataKey(raw), minutes, language, until: Date.now() + minutes * MINUTE };
  const before = await act("meta", "readwrite", async (tx) => {
    const other = await tx.store.get("open");
    await tx.store.put(opened, "open");
    return other?.owner;
  });
  mine = opened;
  if (before && before !== owner) say({ type: "locked", owner: before }); // in a tab that stands open
  return owner;
}

/* The open vault {owner, key, language}, or null. A page that has worked for one person never gets another's. */
export async function peek() {
  const reading = read("meta", "open");
  const opened = await (mine ? Promise.race([reading, wait(PATIENCE_MS, mine)]) : reading).catch(() => mine);
  const now = Date.now();
  if (!opened?.key || (mine && mine.owner !== opened.owner)) return null;
  // a clock that went back must not keep it open
  if (now > opened.until || now < opened.until - (opened.minutes + 5) * MINUTE) {
    await lock().catch(() => {});
    return null;
  }
  return opened;
}

/* As `peek`, and in use: it stays open for its minutes from now. */
export async function current() {
  const opened = await peek();
  if (!opened) return null;
  mine = opened;
  const until = Date.now() + opened.minutes * MINUTE;
  if (until - opened.until > MINUTE / 2) {
    mine = { ...opened, until };
    await act("meta", "readwrite", async (tx) => {
      const now = await tx.store.get("open");
      if (now?.key && now.owner === opened.owner) await tx.store.put({ ...now, until }, "open");
    }).catch(() => {});
  }
  return mine;
}

/* Forgets the key; whose vault it was stays known, for the PIN. `leave`: that too, somebody signs out. */
export async function lock({ leave = false } = {}) {
  const owner = await act("meta", "readwrite", async (tx) => {
    const opened = await tx.store.get("open");
    if (leave || !opened) await tx.store.delete("open");
    else await tx.store.put({ owner: opened.owner, language: opened.language, until: 0 }, "open");
    return opened?.owner;
  }).finally(forget);
  if (owner) say({ type: "locked", owner });
}

/* --- boxes --- */

let at = 0; // later than all this page has seen, also when the clock went back

const name = (owner, kind, id) => `${owner} ${kind} ${id}`;

function opened(vault) {
  if (!vault) throw new Error("The vault is locked.");
  return vault;
}

/* A record of the open vault, encrypted, not stored yet. `value`: bytes, or anything JSON can say. */
export async function boxed(vault, kind, id, value) {
  const { owner, key } = opened(vault);
  const raw = value instanceof Uint8Array;
  const bytes = join(Uint8Array.of(raw ? 1 : 0), raw ? value : bytesOf(JSON.stringify(value)));
  const now = at = Math.max(Date.now(), at + 1);
  return { owner, kind, id, ...(await encrypt(key, bytes, name(owner, kind, id))), at: now };
}

async function unboxed({ key }, record) {
  at = Math.max(at, record.at);
  const bytes = new Uint8Array(await decrypt(key, record, name(record.owner, record.kind, record.id)));
  return bytes[0] ? bytes.slice(1) : JSON.parse(new TextDecoder().decode(bytes.subarray(1)));
}

let before = Promise.resolve(); // that the write before this one was asked for

/* Stores one box; when it returns, it is on the disk. Nothing is waited for before it is encrypted and asked for: each
   millisecond is one in which a page that is left loses a tap. The order stays, so an older value never comes last. */
export function put(kind, id, value) {
  const vault = mine && Date.now() < mine.until ? mine : null;
  const record = vault ? boxed(vault, kind, id, value) : current().then((opened_) => boxed(opened_, kind, id, value));
  const asked = Promise.all([record, before]).then(([made]) => ({ done: write([["boxes", made]]) }));
  before = Promise.race([asked, wait(PATIENCE_MS)]).catch(() => {}); // one that hangs does not hold the next
  if (vault) current().catch(() => {}); // it is in use
  return asked.then(({ done }) => done);
}

const newer = (one, other) => (other && !(one?.at > other.at) ? other : one);

/* The value of one box, or undefined. */
export async function get(kind, id) {
  const vault = opened(await peek());
  const key = [vault.owner, kind, id];
  const other = spared("boxes", key);
  const record = newer(await read("boxes", key).catch((error) => { if (!other) throw error; }), other);
  return record && unboxed(vault, record);
}

/* All boxes of a kind: [{id, at, value}]; a value that cannot be read any more is null. */
export async function list(kind) {
  const vault = opened(await peek());
  const range = IDBKeyRange.bound([vault.owner, kind], [vault.owner, kind, []]);
  const found = new Map();
  const others = spareRecords("boxes");
  const stored = await act("boxes", "readonly", (tx) => tx.store.getAll(range)).catch((error) => { if (!others.length) throw error; return []; });
  for (const record of [...stored, ...others]) {
    if (record.owner === vault.owner && record.kind === kind) found.set(record.id, newer(found.get(record.id), record));
  }
  return Promise.all(Array.from(found.values(), async (record) => (
    { id: record.id, at: record.at, value: await unboxed(vault, record).catch(() => null) }
  )));
}

export async function remove(kind, id) {
  const { owner } = opened(await peek());
  await before;
  return write([], [["boxes", [owner, kind, id]]]);
}

/* --- the device's room --- */

/* At a page's start: spare copies come home, ballast is taken on. Asks the browser to keep what is here; says how much
   there is: {persisted, usage, quota}. */
export async function settle() {
  await takeBack().catch(() => {});
  const persisted = await navigator.storage.persist().catch(() => false);
  const { usage = 0, quota = 0 } = await navigator.storage.estimate().catch(() => ({}));
  if (quota - usage > ROOM) trouble(null, "full");
  if (quota - usage > ROOM && !(await read("meta", "ballast").catch(() => true))) {
    const ballast = new Uint8Array(BALLAST);
    for (let at = 0; at < BALLAST; at += 65_536) crypto.getRandomValues(ballast.subarray(at, at + 65_536));
    await act("meta", "readwrite", (tx) => tx.store.put(ballast, "ballast")).catch(() => {});
  }
  return { persisted, usage, quota };
}

/* Removes all that anybody could read. `sealed`: also what is sealed to the server and has not arrived there. */
export async function wipe({ sealed = true } = {}) {
  const owner = mine?.owner ?? (await read("meta", "open").catch(() => null))?.owner;
  const stores = sealed ? Object.keys(KEYS) : ["meta", "vaults", "boxes"];
  await act(stores, "readwrite", (tx) => Promise.all(stores.map((store) => tx.objectStore(store).clear())));
  for (const slot_ of spares(sealed ? "" : "boxes")) localStorage.removeItem(slot_);
  forget();
  say({ type: "locked", owner });
}
