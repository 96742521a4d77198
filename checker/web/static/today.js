/* Today: what there is to do, what is begun, what waits to be sent or came back. All of it from the vault. */

import * as queue from "./queue.js";
import { made, on, put, slot } from "./slots.js";
import { ask } from "./sync.js";
import { uuid7 } from "./uuid.js";
import * as vault from "./vault.js";

export async function show(shell) {
  await draw(shell);
  vault.watch(({ type }) => { if (["changed", "sending", "received", "attention", "later"].includes(type)) draw(shell); });
  const signedIn = await shell.refresh();
  await draw(shell, signedIn);
}

async function draw(shell, signedIn = true) {
  if (document.querySelector("main textarea:focus")) return; // somebody is saying why they decline
  const { words } = shell;
  const day = await vault.get("day", "day");
  const drafts = (await vault.list("draft")).map(({ value }) => value).filter(Boolean);
  const { visits } = await queue.state();
  const standing = new Map(visits.map((line) => [line.visit, line.state]));
  const begun = drafts.filter(({ id }) => standing.get(id) === "draft");
  const places = new Map(day.branches.map((branch) => [branch.code, branch]));
  const lists = new Map(day.checklists.map((checklist) => [checklist.id, checklist]));
  const nameOf = (code) => places.get(code)?.name ?? code;
  const titleOf = (id) => shell.title(lists.get(id)?.title);
  const view = made("today");
  const notices = [];
  if (signedIn === false) notices.push(notice(words.signed_out, "bad", link("/login?next=/", words.sign_in)));
  put(view, "notices", notices);

  const attention = visits.filter(({ state }) => state === "attention");
  section(view, "attention", await Promise.all(attention.map((line) => attentionLine(line, drafts, shell, nameOf))));
  section(view, "returned", day.returned.map((line) => returnedLine(line, shell)));

  const toDo = day.assignments
    .filter(({ id }) => !drafts.some((draft) => draft.begin.assignment === id && standing.get(draft.id) !== "draft"))
    .map((line) => assignment(line, begun.find((draft) => draft.begin.assignment === line.id && !draft.gone), shell, nameOf, titleOf));
  put(view, "to_do", toDo.length ? toDo : paragraph(words.nothing_to_do));
  const listed = new Set(day.assignments.map(({ id }) => id));
  const others = begun.filter((draft) => draft.gone || !listed.has(draft.begin.assignment));
  section(view, "drafts", others.map((draft) => lead(made("line", {
    branch: nameOf(draft.begin.branch),
    details: [titleOf(draft.begin.checklist), draft.begin.practice && words.practice, draft.gone && words[`gone_${draft.gone}`]].filter(Boolean).join(" · "),
    go: words.go_on,
  }), `/visits/${draft.id}`)));
  const waiting = visits.filter(({ state, photos }) => ["waiting", "sending"].includes(state) || (state === "received" && photos));
  section(view, "unsent", waiting.map((line) => {
    const draft = drafts.find(({ id }) => id === line.visit);
    const details = line.state === "received" ? shell.counted("photos_left", line.photos) : words[`state_${line.state}`];
    return lead(made("line", { branch: draft ? nameOf(draft.begin.branch) : "", details, go: words.see }), `/visits/${line.visit}/receipt`);
  }));
  put(view, "sent", day.sent.length ? day.sent.map((line) => lead(made("line", {
    branch: line.branch, details: [shell.title(line.title), shell.day(line.day), line.practice && words.practice].filter(Boolean).join(" · "), go: words.receipt,
  }), `/visits/${line.id}/receipt`)) : paragraph(words.nothing_yet));

  choices(view.querySelector("#branch"), day.branches.map(({ code, name }) => [code, `${name} · ${code}`]));
  choices(view.querySelector("#checklist"), current(day.checklists).map(({ id, title }) => [id, shell.title(title)]));
  on(view, "flush", () => queue.flush({ force: true }));
  on(view, "begin", ({ target }) => {
    const { branch, checklist, practice } = target.elements;
    if (!branch.value || !checklist.value) return put(target, "wrong", words.choose_both);
    return beginVisit(day, { branch: branch.value, checklist: checklist.value, practice: practice.checked });
  });
  shell.show(view);
}

function section(view, name, lines) {
  view.querySelector(`#${name}`).hidden = lines.length === 0;
  put(view, name, lines);
}

function lead(line, href, shown = true) {
  const go = slot(line, "go");
  go.href = href;
  go.hidden = !shown;
  return line;
}

function assignment(line, draft, shell, nameOf, titleOf) {
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
  const [kind, text] = line.overdue ? ["late", words.late] : draft ? ["open", words.begun] : line.state === "accepted" ? ["good", words.accepted] : ["open", words.fresh];
  Object.assign(slot(card, "mark"), { className: `mark ${kind}`, textContent: text });
  for (const [name, said] of [["scenario", line.scenario], ["words", line.briefing]]) slot(card, name).previousElementSibling.hidden = !said;
  slot(card, "briefing").hidden = !line.scenario && !line.briefing;
  const id = draft?.id ?? line.draft;
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
    if (ok) return shell.refresh().then(() => draw(shell));
    return put(article, "wrong", body.faults?.map(({ text }) => text).join(" ") || body.detail || body.title);
  }
}

function returnedLine(line, shell) {
  const card = made("returned-line", { branch: line.branch, details: `${shell.title(line.title)} · ${shell.day(line.day)}`, query: line.query || null, wrong: "" });
  const article = card.firstElementChild;
  on(card, "reopen", async () => {
    const { ok, body } = await ask("POST", `/visits/${line.id}/correction`, {}).catch(() => ({ body: { detail: shell.words.needs_network } }));
    if (!ok) return put(article, "wrong", body.detail ?? body.title);
    await shell.refresh();
    return location.assign(`/visits/${line.id}`);
  });
  return card;
}

async function attentionLine(line, drafts, shell, nameOf) {
  const draft = drafts.find(({ id }) => id === line.visit);
  const problem = await vault.get("problem", line.visit).catch(() => null);
  const card = made("attention-line", {
    branch: draft ? nameOf(draft.begin.branch) : "",
    why: problem?.detail ?? problem?.title ?? shell.words.refused_before,
    faults: (problem?.faults ?? []).map(({ text }) => item(text)),
  });
  lead(card, `/visits/${line.visit}`, Boolean(draft));
  on(card, "again", () => queue.retry(line.visit));
  return card;
}

/* --- begin --- */

/* The newest version of each checklist; older ones are there for drafts. */
function current(checklists) {
  return checklists.filter(({ id, version }) => !checklists.some((other) => other.id === id && other.version > version));
}

async function beginVisit(day, { assignment = null, branch, checklist, version, practice = false, scenario, purpose }) {
  const id = uuid7();
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
const notice = (text, kind, ...more) => node("p", { className: `notice ${kind}` }, text, " ", ...more);

function choices(select, options) {
  for (const [value, text] of options) select.append(node("option", { value }, text));
}
