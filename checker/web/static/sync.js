/* The vault meets the server: the day is fetched, drafts are saved there too, so that another device can go on. Whatever
   fails is tried again later; what is on the device never waits for it. */

import * as vault from "./vault.js";

const TIMEOUT_MS = 60_000; // a network that takes everything and answers nothing is none
const FORMS = new Map(); // address -> the promise of a form that is being fetched

let token = null; // for changes in the person's session; a new one is asked for when it is refused

/* A request to our server: {status, body}, body being JSON or {}. Throws where there is no way to the server. */
export async function ask(method, path, said, { retried = false } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang, "Checker-Protocol": "1" };
  if (said !== undefined) {
    token ??= (await (await fetch("/session", { headers })).json()).csrf_token;
    Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": token });
  }
  const answer = await fetch(path, { method, headers, body: said === undefined ? undefined : JSON.stringify(said), redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const body = await answer.json().catch(() => ({}));
  if (body.code === "request.form_expired" && !retried) {
    token = null;
    return ask(method, path, said, { retried: true });
  }
  return { status: answer.status, ok: answer.ok, body };
}

/* Fetches the day, saves drafts, and makes the forms ready for a time without network. Says whether the person is signed
   in at the server: true, false, or null where the server could not be asked. `open`: a draft that a page is at work on,
   which looks after it alone. */
export async function refresh({ open = null } = {}) {
  const vaulted = await vault.current();
  if (!vaulted) return null;
  try {
    const before = await receipts();
    let day = await ask("GET", "/tablet/day");
    if (day.status === 401 && (await resume())) day = await ask("GET", "/tablet/day");
    if (day.status === 401) return false;
    if (!day.ok) return null;
    const kept = await vault.get("day", "day");
    if (kept && kept.upload.person !== day.body.upload.person) return false; // another person has signed in since
    if (await passOn()) day = await ask("GET", "/tablet/day");
    if (!day.ok) return null;
    await vault.put("day", "day", day.body);
    await meet(day.body, open, before);
    return true;
  } catch {
    return null;
  }
}

/* A session that is over is begun again with what only the open vault holds. */
async function resume() {
  const day = await vault.get("day", "day");
  if (!day?.renewal) return false;
  const { ok } = await ask("POST", "/tablet/session", { token: day.renewal });
  token = null;
  return ok;
}

/* Fetches the forms of all checklists, those that are assigned first. Says whether all are on this device now. */
export async function takeForms() {
  const { assignments, checklists, drafts } = await vault.get("day", "day");
  const soon = new Set([...assignments, ...drafts].map(({ checklist }) => checklist));
  const inOrder = [...checklists].sort((one, other) => soon.has(other.id) - soon.has(one.id));
  let all = true;
  for (const checklist of inOrder) await formOf(checklist).catch(() => { all = false; });
  return all;
}

/* A checklist's empty form, as text, in the language of the page; kept by the worker, so it is there without network too. */
export function formOf({ id, version, named }) {
  const address = `/tablet/forms/${document.documentElement.lang}/${id}/${version}/${named ? "named" : "none"}`;
  if (!FORMS.has(address)) {
    const fetched = fetch(address, { redirect: "error" }).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.text();
    });
    fetched.catch(() => FORMS.delete(address));
    FORMS.set(address, fetched);
  }
  return FORMS.get(address);
}

/* --- drafts --- */

export const said = (typed) => JSON.stringify(Object.entries(typed).sort(([one], [other]) => (one < other ? -1 : 1)));

const receipts = async () => new Map((await vault.act("receipts", "readonly", (tx) => tx.store.getAll())).map(({ visit, hash }) => [visit, hash]));

/* What both sides have of each draft is brought together; where both changed it, both versions are kept. `before`: the
   receipts that were here when the day was asked for. */
async function meet(day, open, before) {
  const sealed = new Set(await vault.act("queue", "readonly", (tx) => tx.store.getAllKeys()));
  const since = await receipts();
  const arrived = ({ id }) => since.get(id) !== before.get(id);
  const drafts = (await vault.list("draft")).map(({ value }) => value).filter((draft) => draft && !sealed.has(draft.id) && draft.id !== open);
  const held = new Map(drafts.map((draft) => [draft.id, draft]));
  const change = async (mine, changed) => {
    const now = await vault.get("draft", mine.id); // another tab may be at work on it
    if (now && (!changed.typed || said(now.typed) === said(mine.typed))) await vault.put("draft", mine.id, { ...now, ...changed });
  };
  const thrown = await thrownAway();
  const there = day.drafts.filter((draft) => draft.id !== open && !sealed.has(draft.id) && !arrived(draft) && !thrown.has(draft.id));
  for (const theirs of there) {
    const mine = held.get(theirs.id);
    if (!mine) await vault.put("draft", theirs.id, { device: crypto.randomUUID(), ...fromServer(theirs) });
    else if (said(mine.typed) === said(mine.base ?? {})) await change(mine, fromServer(theirs));
    else await change(mine, { copies: theirs.copies, ...(await push(mine)) });
  }
  const theirs = new Set(day.drafts.map(({ id }) => id));
  const sent = new Set([...day.sent, ...day.returned].map(({ id }) => id));
  for (const mine of held.values()) {
    if (theirs.has(mine.id)) continue;
    if (mine.begun) await change(mine, { gone: sent.has(mine.id) ? "sent" : "discarded" });
    else await change(mine, await push(mine));
  }
}

/* Throws a draft away, with what the server refused of it: here at once, at the server when it next hears of this device.
   Its photos stay until then. */
export async function throwAway({ id, device, sequence }) {
  await vault.put("discard", id, { device, base: sequence ?? 0 });
  await vault.remove("draft", id);
  await vault.act("queue", "readwrite", (tx) => tx.store.delete(id));
}

const discards = async () => (await vault.list("discard")).filter(({ value }) => value);

/* The drafts that were thrown away here and that the server may still have. */
export const thrownAway = async () => new Set((await discards()).filter(({ value }) => !value.kept).map(({ id }) => id));

/* Those that came back, because another device had saved them since; until that was read (`readBack`). */
export const keptElsewhere = async () => (await discards()).filter(({ value }) => value.kept).map(({ id }) => id);
export const readBack = (id) => vault.remove("discard", id);

/* Tells the server what was thrown away here. Says whether it knows more now. */
async function passOn() {
  let told = false;
  for (const id of await thrownAway()) {
    const { ok, status, body } = await ask("POST", `/visits/${id}/discard`, await vault.get("discard", id));
    if (body.code === "draft.conflict") await vault.put("discard", id, { kept: true });
    else if (ok || status === 404 || body.code === "draft.sent") {
      if (body.code !== "draft.sent") await (await import("./kept-photos.js")).photosOf(id).tidy([]); // else they follow it
      await vault.remove("discard", id);
    } else continue; // the next time
    told = true;
  }
  return told;
}

/* A draft as the vault keeps it: how it was begun, what is typed, and what of that the server has (`base`). */
function fromServer({ id, sequence, assignment, branch, checklist, version, practice, typed, copies, revises, sent, query }) {
  const begin = { assignment, branch, checklist, version, practice };
  return { id, begin, typed, base: typed, sequence, copies, revises, sent, query, begun: true, gone: null, conflict: false };
}

/* Saves one draft at the server. Returns what has changed about it; the caller stores that. */
export async function push(draft, { instead = false } = {}) {
  const { begin, typed } = draft;
  const { upload: { person } } = await vault.get("day", "day"); // somebody else may have signed in since, in another tab
  const { status, body } = await ask("PUT", `/visits/${draft.id}/draft`, {
    person, device: draft.device, base: draft.sequence ?? 0, turn: draft.turn ?? 0, instead, typed,
    ...(draft.begun ? {} : { begin }),
  });
  if (body.saved_at) return { begun: true, sequence: body.sequence, base: typed, conflict: false, refused: null };
  if (body.code === "draft.conflict") return { begun: true, conflict: true };
  if (body.code === "draft.sent") return { gone: "sent" };
  if (status >= 400 && status < 500 && status !== 401 && status !== 429) return { refused: body.detail ?? body.title ?? `${status}` };
  return {};
}
