/* Today: what there is to do, what is begun, what waits to be sent or came back. All of it from the vault. */

import * as queue from "./queue.js";
import { button, fill } from "./said.js";
import { made, on, put, slot } from "./slots.js";
import { ask, keptElsewhere, readBack, takeForms, thrownAway } from "./sync.js";
import { visitId } from "./uuid.js";
import * as vault from "./vault.js";

const SENT_SHOWN = 20;
const DAY = 13; // so many letters of a visit's id are its day, and what follows has no order
const MOVES = ["changed", "sending", "received", "attention", "later", "contact"]; // after which something may stand otherwise

/* Shows the page at once as the vault has it, and again in parts as the server answers. */
export async function show(shell) {
  const about = { signedIn: true, ready: null };
  const view = made("today");
  await draw(view, shell, about);
  begins(view, shell);
  const page = document.getElementById("main");
  shell.show(view);
  let drawn = Promise.resolve(); // one after the other, so that what is newest stays
  const again = about.again = () => (drawn = drawn.catch(() => {}).then(() => draw(page, shell, about))
    .catch(async (error) => { if (await vault.peek()) throw error; })); // else it was locked meanwhile
  vault.watch(({ type }) => { if (MOVES.includes(type)) again(); });
  about.signedIn = await shell.refresh();
  await again();
  about.ready = await takeForms().catch(() => false);
  await again();
}

const shown = new Map(); // part -> its lines: what each was made of -> its element

/* Makes those lines of a part anew of which something has changed. All others stay where they are, with what was typed or
   opened in them and with the focus; in a line that changed, the focus stays on the same link. */
async function part(view, name, of, make) {
  const before = shown.get(name);
  const now = new Map();
  for (const one of of) {
    const key = JSON.stringify(one);
    now.set(key, before?.get(key) ?? only(await make(one)));
  }
  const place = slot(view, name);
  const section = view.querySelector(`section#${name}`);
  const held = place.contains(document.activeElement) ? document.activeElement : null;
  const lines = [...now.values()];
  for (const old of [...place.childNodes]) if (!lines.includes(old)) old.remove();
  lines.forEach((line, n) => { if (place.childNodes[n] !== line) place.insertBefore(line, place.childNodes[n] ?? null); });
  if (section) section.hidden = lines.length === 0;
  if (held && !held.isConnected) place.querySelector(`[href="${held.getAttribute("href")}"]`)?.focus();
  shown.set(name, now);
}

const only = (made_) => (made_ instanceof DocumentFragment ? made_.firstElementChild : made_);

async function draw(view, shell, { signedIn, ready, again }) {
  const { words } = shell;
  const day = await vault.get("day", "day");
  const drafts = (await vault.list("draft")).map(({ value }) => value).filter(Boolean);
  const { visits } = await queue.state();
  const nameOf = (code) => day.branches.find((branch) => branch.code === code)?.name ?? code ?? "";
  const visited = [...day.sent, ...day.returned, ...drafts.map(({ id, begin }) => ({ id, branch: begin.branch }))];
  const branchOf = new Map(visited.map(({ id, branch }) => [id, branch]));
  const place = ({ id, visit = id }) => `${visit.slice(0, DAY)} ${nameOf(branchOf.get(visit))}`;
  const inOrder = (one, other) => place(one).localeCompare(place(other));
  drafts.sort(inOrder);
  visits.sort(inOrder);
  const standing = new Map(visits.map((line) => [line.visit, line.state]));
  const begun = drafts.filter(({ id }) => standing.get(id) === "draft");
  const titleOf = (id) => shell.title(day.checklists.find((held) => held.id === id)?.title);

  const kept = await keptElsewhere();
  const missing = Math.max(0, ((await vault.read("meta", "server"))?.missing ?? 0) - ((await vault.read("meta", "shown")) ?? 0));
  const back = drafts.filter(({ id }) => kept.includes(id)).map(({ id, begin }) => ({ back: id, branch: nameOf(begin.branch) }));
  const notices = [missing && { missing }, signedIn === false && { signedIn }, ...back].filter(Boolean);
  await part(view, "notices", notices, (one) => {
    if (one.missing) return notice(shell.counted("lost", one.missing), button(words.understood, () => queue.shownMissing(one.missing)));
    if (one.back) return notice(fill(words.came_back, one), button(words.understood, () => readBack(one.back).then(again)));
    return notice(words.signed_out, link("/login?next=/", words.sign_in));
  });
  await part(view, "ready", [ready === null ? words.getting_ready : ready ? words.ready : words.not_ready], (text) => new Text(text));
  slot(view, "ready").dataset.ready = String(ready);

  const lines = visits.map((line) => ({ ...line, branch: nameOf(branchOf.get(line.visit)), open: drafts.some(({ id }) => id === line.visit) }));
  const attention = lines.filter(({ state }) => state === "attention");
  await part(view, "attention", attention, (line) => attentionLine(line, shell));
  await part(view, "returned", day.returned, (line) => returnedLine(line, shell, nameOf));

  const thrown = await thrownAway();
  const toDo = day.assignments
    .filter(({ id }) => !drafts.some((draft) => draft.begin.assignment === id && standing.get(draft.id) !== "draft"))
    .map((line) => ({ ...line, draft: begun.find((draft) => draft.begin.assignment === line.id && !draft.gone)?.id ?? (thrown.has(line.draft) ? null : line.draft) }));
  await part(view, "to_do", toDo.length ? toDo : [null], (line) => (line ? assignment(line, shell, nameOf, titleOf) : paragraph(words.nothing_to_do)));

  const listed = new Set(day.assignments.map(({ id }) => id));
  const others = begun.filter((draft) => draft.gone || !listed.has(draft.begin.assignment)).map(({ id, begin, gone }) => ({ id, begin, gone }));
  await part(view, "drafts", others, ({ id, begin, gone }) => lead(made("line", {
    branch: nameOf(begin.branch),
    details: [titleOf(begin.checklist), begin.practice && words.practice, gone && words[`gone_${gone}`]].filter(Boolean).join(" · "),
    go: words.go_on,
  }), `/visits/${id}`));

  const waiting = lines.filter(({ state, photos }) => ["waiting", "sending"].includes(state) || (state === "received" && photos));
  await part(view, "unsent", waiting, ({ visit, state, photos, branch }) => lead(made("line", {
    branch,
    details: state === "received" ? shell.counted("photos_left", photos) : words[`state_${state}`],
    go: words.see,
  }), `/visits/${visit}/receipt`));

  const sent = day.sent.slice(0, SENT_SHOWN);
  await part(view, "sent", sent.length ? sent : [null], (line) => (line ? lead(made("line", {
    branch: nameOf(line.branch),
    details: [shell.title(line.title), shell.day(line.day), line.practice && words.practice].filter(Boolean).join(" · "),
    go: words.receipt,
  }), `/visits/${line.id}/receipt`) : node("li", { className: "quiet" }, words.nothing_yet)));

  await part(view, "branches", choices(words, day.branches.map(({ code, name }) => [code, `${name} · ${code}`])), option);
  await part(view, "checklists", choices(words, current(day.checklists).map(({ id, title }) => [id, shell.title(title)])), option);
}

function begins(view, shell) {
  on(view, "flush", () => queue.flush({ force: true }));
  on(view, "another", async ({ target }) => {
    const { branch, checklist, practice } = target.elements;
    if (!branch.value || !checklist.value) return put(target, "wrong", shell.words.choose_both);
    return beginVisit(await vault.get("day", "day"), { branch: branch.value, checklist: checklist.value, practice: practice.checked });
  });
}

function lead(line, href, shown = true) {
  const go = slot(line, "go");
  go.href = href;
  go.hidden = !shown;
  return line;
}

function assignment(line, shell, nameOf, titleOf) {
  const { words } = shell;
  const card = made("assignment", {
    branch: nameOf(line.branch),
    title: titleOf(line.checklist),
    window: `${shell.day(line.visit_from)} – ${shell.day(line.visit_to)}`,
    report_by: shell.day(line.report_by),
    scenario: line.scenario || null,
    words: line.briefing || null,
    wrong: "",
  });
  const [kind, text] = line.overdue ? ["late", words.late] : line.draft ? ["open", words.begun] : line.state === "accepted" ? ["good", words.accepted] : ["open", words.fresh];
  Object.assign(slot(card, "mark"), { className: `mark ${kind}`, textContent: text });
  for (const [name, said] of [["scenario", line.scenario], ["words", line.briefing]]) slot(card, name).previousElementSibling.hidden = !said;
  slot(card, "briefing").hidden = !line.scenario && !line.briefing;
  const id = line.draft;
  slot(card, "go_on").hidden = !id;
  if (id) slot(card, "go_on").href = `/visits/${id}`;
  const article = card.firstElementChild;
  on(card, "begin", () => vault.get("day", "day").then((day) => beginVisit(day, { ...line, assignment: line.id }))).hidden = Boolean(id);
  on(card, "accept", () => answer("accept")).hidden = Boolean(id) || line.state === "accepted";
  on(card, "decline", ({ target }) => answer("decline", target.elements.reason.value));
  slot(card, "declining").hidden = Boolean(id);
  return card;

  async function answer(step, reason = "") {
    const { ok, body } = await ask("POST", `/assignments/${line.id}/${step}`, { reason }).catch(() => ({ body: { detail: words.needs_network } }));
    if (ok) return location.reload();
    return put(article, "wrong", body.faults?.map(({ text }) => text).join(" ") || body.detail || body.title);
  }
}

function returnedLine(line, shell, nameOf) {
  const card = made("returned-line", { branch: nameOf(line.branch), details: `${shell.title(line.title)} · ${shell.day(line.day)}`, query: line.query || null, wrong: "" });
  const article = card.firstElementChild;
  on(card, "reopen", async () => {
    const { ok, body } = await ask("POST", `/visits/${line.id}/correction`, {}).catch(() => ({ body: { detail: shell.words.needs_network } }));
    if (!ok) return put(article, "wrong", body.detail ?? body.title);
    await shell.refresh();
    return location.assign(`/visits/${line.id}`);
  });
  return card;
}

/* What only this device knows to say; all else is said in the server's words. */
const WHY = { "tablet.other_key": "other_key", "photo.not_image": "photo_refused", "photo.too_large": "photo_refused" };

async function attentionLine({ visit, problem: last, branch, open }, shell) {
  const problem = await vault.get("problem", visit).catch(() => null);
  const card = made("attention-line", {
    branch,
    why: shell.words[WHY[last?.code]] ?? problem?.detail ?? problem?.title ?? shell.words.refused_before,
    faults: (problem?.faults ?? []).map(({ text }) => item(text)),
  });
  lead(card, `/visits/${visit}`, open);
  on(card, "again", () => queue.retry(visit));
  return card;
}

/* --- begin --- */

/* The newest version of each checklist; older ones are there for drafts. */
function current(checklists) {
  return checklists.filter(({ id, version }) => !checklists.some((other) => other.id === id && other.version > version));
}

async function beginVisit(day, { assignment = null, branch, checklist, version, practice = false, scenario, purpose }) {
  const id = visitId();
  version ??= current(day.checklists).find((held) => held.id === checklist).version;
  const typed = scenario ? { "context.scenario": [scenario] } : {};
  await vault.put("draft", id, {
    id, begin: { assignment, branch, checklist, version, practice }, purpose, typed, base: {}, begun: false, sequence: 0, device: crypto.randomUUID(),
  });
  location.assign(`/visits/${id}`);
}

/* --- small things --- */

const node = (tag, properties, ...inside) => {
  const made_ = Object.assign(document.createElement(tag), properties);
  made_.append(...inside);
  return made_;
};
const link = (href, text) => node("a", { href }, text);
const paragraph = (text) => node("p", { className: "quiet" }, text);
const item = (text) => node("li", {}, text);
const notice = (text, ...more) => node("p", { className: "notice bad" }, text, " ", ...more);

const choices = (words, options) => [["", words.choose], ...options];
const option = ([value, text]) => node("option", { value }, text);
