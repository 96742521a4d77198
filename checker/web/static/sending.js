/* The sending itself: what is unsent goes to the server, visits, then their photos, each exactly once however many tabs
   and workers try. Everything here is sealed, so it needs nobody's password, and it goes only when the server's own receipt
   is there. It runs in the service worker, and in a page where there is none. */

import { canonical, manifestHash } from "./canonical.js";
import { act, read, say, write } from "./database.js";
import { all, backOff, counts, keys } from "./queue.js";
import { seal, sealVisit } from "./seal.js";
import { boxed, current, device, get, list, peek, wipe } from "./vault.js";

const BUILD = new URL(import.meta.url).pathname.split("/")[2];
const PROTOCOL = "1";
const CHUNK = 128 * 1024;
const TIMEOUT_MS = 60_000;
const HOLD_MS = 60 * 60_000; // no server may silence us for longer
const CONTACT_MS = 10 * 60_000;
const KEEP_RECEIPTS_MS = 30 * 24 * 60 * 60_000;
const OTHER_KEY = ["tablet.other_key", "tablet.unreadable", "photo.unreadable"]; // not what the server can open
const IN_A_ROW = 3; // so many refusals by a sick server, and the others wait too

/* --- in --- */

/* Send was tapped: the visit is sealed and waits, or is what waits for this visit already. `upload`: {device, person, key}
   of the day. Returns the record {visit, hash, state} or, when it has long arrived, its receipt {visit, hash, received_at}. */
export async function enqueue({ visit, body, upload }) {
  const vault = await current();
  const [text, hash] = [canonical(body), await manifestHash(body)];
  const { key } = await read("meta", "server");
  const photos = (body.photos ?? []).map(({ sha256 }) => sha256);
  const kept = await boxed(vault, "body", visit, { text, upload }); // to seal it anew, should the server's key change
  const sealed = await sealVisit(key, upload, visit, text);
  const record = { visit, owner: vault.owner, hash, photos, sealed, state: "waiting", tries: 0, next_at: 0, problem: null, at: Date.now() };
  const there = await write([["queue", record], ["boxes", kept]], [], async (tx) => {
    const [waiting, receipt] = [await tx.objectStore("queue").get(visit), await tx.objectStore("receipts").get(visit)];
    if (waiting) return waiting.state === "attention" ? null : waiting;
    return receipt?.hash === hash ? receipt : null;
  });
  say({ type: "changed" });
  await sealPhotos(there ?? record).catch(() => {}); // they lie in their boxes until it works
  return there ?? record;
}

/* Photos of a visit that was sent are sealed too, so that they can go without their shopper. What they were made of stays in
   the vault until the server has them, to seal them anew should its key change; where there is no room for both, it goes. */
async function sealPhotos({ visit, owner, photos }) {
  if ((await peek())?.owner !== owner) return;
  const { key } = await read("meta", "server");
  for (const sha256 of photos ?? []) {
    if ((await read("photos", [visit, sha256]))?.key !== key.id) await sealPhoto(key, { visit, sha256, owner });
  }
}

const unlisted = new Set(); // photos that the server has told us not to expect

/* Photos lie here of visits that were sent from another device: they go from this one. */
async function sealStrays() {
  const { owner } = (await peek()) ?? {};
  if (!owner) return;
  const [drafts, thrown] = [await list("draft"), await list("discard")];
  const begun = new Set([...drafts.filter(({ value }) => value?.gone !== "sent"), ...thrown].map(({ id }) => id));
  for (const [of, kind, id] of await keys("boxes")) {
    const [visit, sha256] = id.split(" ");
    if (of === owner && kind === "photo" && !begun.has(visit) && !unlisted.has(id)) await sealPhotos({ visit, owner, photos: [sha256] });
  }
}

async function sealPhoto(key, { visit, sha256, owner }) {
  const id = `${visit} ${sha256}`;
  const bytes = await get("photo", id);
  if (!bytes) return false;
  const sealed = await seal(key, `photo ${id}`, bytes);
  const record = { visit, sha256, owner, sealed, key: key.id, size: bytes.length };
  const stores = ["photos", "meta", "boxes"];
  await act(stores, "readwrite", (tx) => keep(tx)).catch(() => act(stores, "readwrite", async (tx) => {
    await tx.objectStore("boxes").delete([owner, "photo", id]);
    await keep(tx);
  }));
  return true;

  async function keep(tx) {
    const { [id]: _over, ...troubles } = (await tx.objectStore("meta").get("photos")) ?? {};
    await tx.objectStore("meta").put(troubles, "photos");
    await tx.objectStore("photos").put(record);
  }
}

/* --- out --- */

/* {status, body, after}: what answered. Status 0 where nobody did, or the answer broke off. */
async function ask(path, options = {}) {
  const { language } = (await read("meta", "open").catch(() => null)) ?? {};
  try {
    const answer = await fetch(path, {
      cache: "no-store",
      credentials: "omit",
      redirect: "error", // somebody else's sign-in page is nobody's receipt
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...options,
      headers: { Accept: "application/json", "Checker-Protocol": PROTOCOL, ...(language && { "Accept-Language": language }), ...options.headers },
    });
    const text = await answer.text();
    const after = answer.headers.get("Retry-After");
    const body = /json/.test(answer.headers.get("Content-Type")) ? parsed(text) : null;
    return { status: answer.status, ok: answer.status === 200 || answer.status === 201, body, after: after && waitFor(after) };
  } catch {
    return { status: 0, body: null };
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function waitFor(after) {
  const ms = /^\d+$/.test(after) ? after * 1000 : Date.parse(after) - Date.now();
  return Math.min(HOLD_MS, Math.max(0, ms || 0));
}

/* What an answer without a receipt means: "network", "attention" (only somebody can help), or "later". Words of a captive
   portal or a proxy are no reason to bother anybody, except that a visit is too large. */
function verdict({ status, body }) {
  if (!status) return "network";
  const code = body?.code;
  if (status === 413 || ["not_found", "photo.unlisted", "tablet.token"].includes(code)) return "attention";
  return code && status >= 400 && status < 500 && ![401, 403, 404, 408, 425, 426, 429].includes(status) ? "attention" : "later";
}

const problemOf = ({ status, ok, body }) => ({ status, code: body?.code ?? (status && (ok || !body) ? "not_ours" : "offline") });

/* Of an answer that is no receipt; returns whether to go on with the others. */
async function refused(answer, subject) {
  say({ type: "later", problem: problemOf(answer), ...subject });
  if (answer.after !== undefined && answer.after !== null) await hold(answer.after);
  return !answer.status || [429, 503].includes(answer.status) || answer.ok ? "stop" : "later";
}

const hold = (ms) => act("meta", "readwrite", (tx) => tx.store.put(Date.now() + ms, "hold"));

/* What answered one sending is no news of the next: whoever has put it right meanwhile has sent it anew. */
const unlessAnew = ({ visit, hash }) => async (tx) => ((await tx.objectStore("queue").get(visit))?.hash === hash ? null : true);

async function send(record) {
  const { visit, owner, hash } = record;
  say({ type: "sending", visit });
  const options = { method: "POST", body: record.sealed, headers: { "Content-Type": "application/octet-stream" } };
  const answer = await ask(`/tablet/visits/${visit}`, options);
  const { ok, body } = answer;
  if (ok && body?.id === visit && body.manifest_hash === hash) return received(record, body.received_at);
  if (OTHER_KEY.includes(body?.code) && !record.again && (await sealAnew(record))) return "again";
  if (!answer.status) return refused(answer, { visit });
  const state = verdict(answer) === "attention" ? "attention" : "waiting";
  const problem = problemOf(answer);
  const next_at = Date.now() + Math.max(answer.after ?? 0, backOff(record.tries));
  await write([["queue", { ...record, state, problem, tries: record.tries + 1, next_at }]], [], unlessAnew(record));
  if (state === "waiting") return refused(answer, { visit });
  const vault = await peek();
  if (vault?.owner === owner) await write([["boxes", await boxed(vault, "problem", visit, { ...body, status: answer.status })]]);
  say({ type: "attention", visit, problem });
  return "next";
}

async function received(record, received_at) {
  const { visit, owner, hash, photos } = record;
  const thumbs = IDBKeyRange.bound([owner, "thumb", visit], [owner, "thumb", `${visit}~`]);
  const boxes = [...["draft", "body", "problem"].map((kind) => [owner, kind, visit]), thumbs];
  await write([["receipts", { visit, owner, hash, photos, received_at }]], [["queue", visit], ...boxes.map((key) => ["boxes", key])], unlessAnew(record));
  say({ type: "received", visit, hash, received_at });
  return "next";
}

/* The server has another key than this was sealed to, or it was damaged: once more, while its owner's vault is open. */
async function sealAnew(record) {
  const vault = await peek();
  if (vault?.owner !== record.owner || !(await contact())) return false;
  const [kept, { key }] = [await get("body", record.visit), await read("meta", "server")];
  if (!kept) return false;
  const sealed = await sealVisit(key, kept.upload, record.visit, kept.text);
  return !(await write([["queue", { ...record, sealed, state: "waiting", again: true }]], [], unlessAnew(record)));
}

async function sendPhoto(visit, sha256) {
  const path = `/tablet/visits/${visit}/photos/${sha256}`;
  const record = await read("photos", [visit, sha256]);
  const { sealed, owner } = record;
  let answer = await ask(path);
  if (answer.ok && !answer.body?.complete) {
    for (let at = answer.body?.received, turns = 0; Number.isInteger(at) && at <= sealed.length && turns < 3; ) {
      const body = sealed.subarray(at, at + CHUNK);
      answer = await ask(`${path}?offset=${at}&of=${sealed.length}`, { method: "PUT", body, headers: { "Content-Type": "application/octet-stream" } });
      if (answer.body?.code === "photo.offset" || (answer.ok && !(answer.body?.received > at))) turns += 1;
      else if (!answer.ok) break;
      if (answer.body?.sha256 || !Number.isInteger(answer.body?.received)) break;
      at = answer.body.received;
    }
  }
  const { ok, body } = answer;
  if (ok && body?.sha256 === sha256 && body.received_at) {
    await write([], [["photos", [visit, sha256]], ["boxes", [owner, "photo", `${visit} ${sha256}`]]]);
    say({ type: "changed" });
    return "next";
  }
  if (OTHER_KEY.includes(body?.code) && !record.again && (await sealPhotoAnew(record))) return "again";
  const elsewhere = (await read("queue", visit)) || !(await read("receipts", visit));
  if (elsewhere && body?.code === "photo.unlisted") return left(visit, sha256);
  if (verdict(answer) !== "attention") return refused(answer, { visit, sha256 });
  await act("meta", "readwrite", async (tx) => {
    const troubles = (await tx.store.get("photos")) ?? {};
    await tx.store.put({ ...troubles, [`${visit} ${sha256}`]: problemOf(answer) }, "photos");
  });
  say({ type: "attention", visit, sha256, problem: problemOf(answer) });
  return "next";
}

/* The visit was sent from another device, and without this photo: it stays in its vault. */
async function left(visit, sha256) {
  unlisted.add(`${visit} ${sha256}`);
  if (!(await read("queue", visit))) await write([], [["photos", [visit, sha256]]]);
  return "next";
}

async function sealPhotoAnew(record) {
  if ((await peek())?.owner !== record.owner || !(await contact())) return false;
  const { key } = await read("meta", "server");
  if (!(await sealPhoto(key, record))) return false;
  await act("photos", "readwrite", async (tx) => tx.store.put({ ...(await tx.store.get([record.visit, record.sha256])), again: true }));
  return true;
}

const behind = new Set(); // what the server could not take last time goes last, so that it holds up nothing

/* `work` on each key of a store until all were tried, also those that come meanwhile. Says what ended it before that. */
async function each(store, work) {
  const tried = new Set();
  for (let sick = 0; ; ) {
    const left = (await keys(store)).filter((key) => !tried.has(String(key)));
    const key = left.find((other) => !behind.has(String(other))) ?? left[0];
    if (key === undefined) return null;
    tried.add(String(key));
    let outcome = await work(key);
    if (outcome === "again") outcome = await work(key);
    behind[outcome === "later" ? "add" : "delete"](String(key));
    if (outcome === "stop" || (outcome === "later" && ++sick === IN_A_ROW)) return outcome;
  }
}

/* What was refused while its owner was away, because the server has another key, goes by itself once they are back. */
const canSealAnew = async ({ owner, problem, again }) =>
  !again && problem?.code === "tablet.other_key" && (await peek())?.owner === owner;

async function flushAll(force) {
  const hold = ((await read("meta", "hold")) ?? 0) - Date.now();
  if (hold > 0 && hold <= HOLD_MS) return false; // more only where the clock went back
  const heard = Date.now() - contacted > CONTACT_MS ? await contact() : reply;
  let ended = await each("queue", async (visit) => {
    const record = await read("queue", visit);
    if (!record || (record.state === "attention" && !(await canSealAnew(record))) || (!force && record.next_at > Date.now())) return "next";
    return send(record);
  });
  for (const record of [...(await all("queue")), ...(await all("receipts"))]) await sealPhotos(record).catch(() => {});
  await sealStrays().catch(() => {});
  if (ended !== "stop") { // visits that a server cannot take hold up the photos of none that it has
    ended = (await each("photos", async ([visit, sha256]) => {
      const problem = (await read("meta", "photos"))?.[`${visit} ${sha256}`];
      const waits = problem && !(await canSealAnew({ ...(await read("photos", [visit, sha256])), problem }));
      const held = await read("queue", visit);
      const before = held && held.problem?.status !== 409; // else it is at the server already, with other words
      return waits || before ? "next" : sendPhoto(visit, sha256);
    })) ?? ended;
    if (JSON.stringify(await counts()) !== told) await contact();
  }
  await act("receipts", "readwrite", async (tx) => {
    for (const { visit, received_at } of await tx.store.getAll()) {
      if (Date.now() - Date.parse(received_at) > KEEP_RECEIPTS_MS) await tx.store.delete(visit);
    }
  });
  if (heard?.revoked) {
    await wipe({ sealed: false }); // what could be sent is; the rest is sealed and still goes
    say({ type: "revoked" });
  }
  return !ended;
}

let next = null; // the flush that has not begun: whoever comes meanwhile shares it

/* Sends what is due, by one tab or worker at a time. `force`: also what would wait for its next try, unless the server
   itself said when. Returns {waiting, done, due}: how many visits wait, whether the server took all it could, and when
   the next of them is due. */
export function flush({ force = false } = {}) {
  if (next) {
    next.force ||= force;
    return next.flushed;
  }
  const mine = { force };
  next = mine;
  mine.flushed = navigator.locks.request("checker.queue", () => {
    next = null;
    return flushAll(mine.force);
  }).catch((error) => {
    next = null;
    say({ type: "later", problem: { status: 0, code: error.name } });
    return false;
  }).then(async (done) => {
    say({ type: "sending", visit: null });
    const waiting = (await all("queue").catch(() => [])).filter(({ state }) => state === "waiting");
    const hold = (await read("meta", "hold").catch(() => 0)) ?? 0;
    return { waiting: waiting.length, done, due: Math.max(hold, Math.min(...waiting.map(({ next_at }) => next_at))) };
  });
  return mine.flushed;
}

/* Somebody looked at what needs attention: it is tried once more as it is. */
export async function retry(visit) {
  await act(["queue", "meta"], "readwrite", async (tx) => {
    const record = await tx.objectStore("queue").get(visit);
    if (record) await tx.objectStore("queue").put({ ...record, state: "waiting", again: false });
    const troubles = Object.entries((await tx.objectStore("meta").get("photos")) ?? {});
    await tx.objectStore("meta").put(Object.fromEntries(troubles.filter(([id]) => !id.startsWith(visit))), "photos");
  });
  say({ type: "changed" });
}

/* --- the heartbeat --- */

let contacted = 0;
let told = "";
let reply = null;

/* Tells the server what this device holds; what it answers (see the tablet's `contact`), or null. */
export async function contact() {
  const [{ born }, now, missing] = [await device(), await counts(), (await read("meta", "shown")) ?? 0];
  const asked = Date.now();
  const answer = await ask("/tablet/contact", {
    method: "POST",
    credentials: "same-origin",
    body: JSON.stringify({ version: BUILD, born, missing, ...now }),
    headers: { "Content-Type": "application/json" },
  });
  if (!answer.ok || !answer.body?.protocol) return null;
  const { key, time, build, protocol, missing: lost } = answer.body;
  const ahead_ms = Math.round((asked + Date.now()) / 2 - Date.parse(time));
  await act("meta", "readwrite", (tx) => Promise.all([
    tx.store.put({ key, ahead_ms, checked_at: time, build, protocol, missing: lost }, "server"),
    tx.store.delete("shown"),
  ]));
  [contacted, told, reply] = [Date.now(), JSON.stringify(now), answer.body];
  say({ type: "contact", ...answer.body });
  return answer.body;
}
