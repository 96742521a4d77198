/* After the form: everything read once more and sent, or why it could not be done; and how a sent visit stands. */

import { bodyOf, faultsOf, partsOf } from "./body.js";
import { checklistOf, emptyForm } from "./filling.js";
import * as queue from "./queue.js";
import { photosIn, retype, secondsOf, typed as typedIn } from "./reading.js";
import { figure, fill, link, momentAt, momentInWords } from "./said.js";
import { made, on, put, slot } from "./slots.js";
import * as vault from "./vault.js";
import { shownQuestions } from "./form.js";

export async function show(shell, page) {
  const draft = await vault.get("draft", shell.uuid);
  const { visits } = await queue.state();
  const standing = visits.find(({ visit }) => visit === shell.uuid);
  const sealed = ["waiting", "sending", "received"].includes(standing?.state);
  if (page === "receipt" || !draft || sealed) return showReceipt(shell, draft, standing);
  const day = await vault.get("day", "day");
  const form = await emptyForm(day, draft);
  retype(form, draft.typed);
  const about = { draft, day, form, questions: shownQuestions(form), zone: form.dataset.zone, checklist: checklistOf(day, draft.begin) };
  return page === "review" ? showReview(shell, about) : showUnfinished(shell, about);
}

/* --- read once more --- */

async function showReview(shell, about) {
  const { draft, day, form, questions, checklist } = about;
  const { words } = shell;
  const faults = faultsOf(draft.typed, partsOf(form), about.zone);
  const view = made("review", {
    title: [placeOf(day, draft), shell.title(checklist.title), draft.begin.practice && words.practice].filter(Boolean).join(" · "),
    answers: sections(form, questions, words),
    wrong: "",
  });
  for (const name of ["back", "again"]) slot(view, name).href = `/visits/${draft.id}`;
  if (faults.length) {
    slot(view, "missing").hidden = false;
    put(view, "count", shell.counted("faults", faults.length));
    const lines = (some) => some.map((fault) => faultLine(fault, form, draft.id, JSON.parse(form.dataset.faults)));
    const open = faults.filter(({ code }) => code === "answer.missing");
    put(view, "faults", lines(faults.filter((fault) => !open.includes(fault))));
    put(view, "open", lines(open));
    slot(view, "still").hidden = open.length === 0;
  }
  slot(view, "why").hidden = !draft.revises;
  const send = on(view, "send", () => dispatch(shell, about, draft.revises ? { reason: document.getElementById("reason").value.trim() } : {}));
  send.hidden = faults.length > 0;
  shell.show(view);
  await showPhotos(form, draft.id);
}

/* The small likenesses beside the questions they answer. */
async function showPhotos(form, id) {
  const listed = photosIn(form);
  if (!listed.length) return;
  const { thumbnails } = await import("./photos.js");
  const { photosOf } = await import("./kept-photos.js");
  const words = JSON.parse(form.dataset.words);
  for (const item of new Set(listed.map((photo) => photo.item))) {
    const about = labelOf(form.querySelector(`[data-item="${item}"]`));
    const alt = (n) => fill(words.photo_alt, { n, item: about });
    const list = await thumbnails(listed.filter((photo) => photo.item === item), photosOf(id), alt, words.photo_elsewhere);
    document.querySelector(`[data-answer="${item}"] dd`)?.append(list);
  }
}

/* Where it is, and, unless it is only open, what is wrong there. */
function faultLine({ code, place, text, details }, form, id, texts) {
  const target = form.querySelector(`[id="q-${place}"], [id="f-${place}"]`);
  const line = document.createElement("li");
  line.append(target ? link(`/visits/${id}#${target.id}`, labelOf(target)) : place);
  if (code !== "answer.missing") line.append(Object.assign(document.createElement("p"), { textContent: fill(texts[text] ?? texts[code] ?? code, details) }));
  return line;
}

/* What was answered, read from the form itself: each question beside its answer. */
function sections(form, questions, words) {
  const shown = new Set(questions);
  const part = (title, fields) => {
    const rows = fields.map((field) => row(field, words)).filter(Boolean);
    if (!rows.length) return null;
    const card = made("answers");
    put(card, "title", title);
    put(card, "rows", rows);
    return card;
  };
  const start = part(form.querySelector("#start h2").textContent, [form.querySelector('[id="f-visited_at"]'), ...form.querySelectorAll(".served")]);
  const parts = [...form.querySelectorAll("section.part")].map((section) =>
    part(section.querySelector("h2").textContent, [...section.querySelectorAll("[data-item]")].filter((question) => shown.has(question))));
  const rest = part(form.querySelector("#afterwards h2").textContent, [...form.querySelectorAll("#afterwards .field")]);
  const before = part(form.querySelector(".briefing summary").textContent, [...form.querySelectorAll(".briefing .field")]);
  return [before, start, ...parts, rest].filter(Boolean);
}

function row(field, words) {
  const said = inWords(field, words);
  const note = field.querySelector(".note textarea")?.value.trim();
  if (!said && !field.matches("[data-item], .served, [id='f-visited_at']")) return null;
  const line = made("answer", { label: labelOf(field), said: said || words.not_answered, note: note ? `${words.note}: ${note}` : null });
  const change = slot(line, "change");
  change.href = `/visits/${location.pathname.split("/")[2]}#${field.id}`;
  change.append(hidden(`: ${labelOf(field)}`));
  line.firstElementChild.dataset.answer = field.dataset.item ?? field.id;
  return line;
}

const labelOf = (field) => (field.querySelector("legend") ?? field.querySelector("label")).textContent.trim();

function inWords(field, words) {
  if (field.matches(".served")) {
    const [code, described] = ["select", "input"].map((name) => field.querySelector(name).value.trim());
    return described || code || words.not_known;
  }
  const chosen = [...field.querySelectorAll("input:checked")].filter(({ value }) => value !== "time").map(choiceWords);
  if (field.dataset.type === "duration") {
    const value = (part) => field.querySelector(`[name$="${part}"]`)?.value.trim() ?? "";
    const seconds = value(".seconds");
    if (seconds && !chosen.length) return fill(seconds === value(".tapped") ? words.seconds : words.seconds_estimated, { n: figure(secondsOf(seconds)) });
  }
  const [date, time] = ["date", "time"].map((type) => field.querySelector(`[type=${type}]`)?.value);
  if (date && time) chosen.push(momentInWords(`${date}T${time}Z`, "UTC"));
  const written = [...field.querySelectorAll("input:not([type=radio], [type=checkbox], [type=hidden], [type=file], [type=date], [type=time]), textarea, select")]
    .filter((input) => !input.name.endsWith(".note") && !input.name.endsWith(".seconds") && input.name)
    .map(({ value }) => value.trim());
  const photos = photosIn(field.closest("form")).filter(({ item }) => item === field.dataset.item).length;
  return [...chosen, ...written, photos && fill(words.photos, { n: photos })].filter(Boolean).join(", ");
}

function choiceWords(input) {
  const words = input.parentElement.querySelector("span").cloneNode(true);
  for (const part of words.querySelectorAll(".hidden")) part.remove();
  return words.textContent.replace(/\s+/g, " ").trim();
}

const hidden = (text) => Object.assign(document.createElement("span"), { className: "hidden", textContent: text });

/* --- sent --- */

async function dispatch(shell, { draft, day, form, zone, checklist }, more) {
  const main = document.getElementById("main");
  if (draft.revises && !more.reason) return put(main, "wrong", shell.words.say_why);
  const { assignment, branch, version, practice } = draft.begin;
  const purpose = day.assignments.find(({ id }) => id === assignment)?.purpose ?? draft.purpose ?? "extra";
  const frame = {
    id: draft.id, programme: "main", checklist: draft.begin.checklist, version, branch, assignment: assignment ?? null,
    method: "mystery_shopping", channel: checklist.channel, subject: "own", purpose, practice: Boolean(practice), outcome: "completed",
  };
  const said = bodyOf(typedIn(form), partsOf(form), draft.sent ? {} : frame, zone);
  const body = draft.sent ? corrected(draft, said, form) : said;
  Object.assign(body, more);
  try {
    await queue.enqueue({ visit: draft.id, body, upload: day.upload });
  } catch (error) {
    console.error(error);
    return put(main, "wrong", shell.words.not_queued);
  }
  return location.replace(`/visits/${draft.id}/receipt`);
}

/* What was sent, with what the form asks in its place, so a photo that was taken away goes; what the form does not ask stays. */
function corrected({ sent, revises }, said, form) {
  const asked = new Set([...form.querySelectorAll("[data-item]")].map(({ dataset }) => dataset.item));
  const kept = Object.entries(sent.answers).filter(([item]) => !asked.has(item));
  const photos = [...(sent.photos ?? []).filter(({ item }) => !asked.has(item)), ...said.photos.filter(({ item }) => asked.has(item))];
  return { ...sent, ...said, photos, answers: { ...Object.fromEntries(kept), ...said.answers }, revises };
}

/* --- why it could not be done --- */

async function showUnfinished(shell, about) {
  const { draft, day, checklist, form, zone } = about;
  const view = made("unfinished", { title: `${placeOf(day, draft)} · ${shell.title(checklist.title)}`, wrong: "" });
  slot(view, "back").href = `/visits/${draft.id}`;
  const known = ["date", "time"].map((part) => form.elements[`visited_at.${part}`].value);
  const { ahead_ms } = (await vault.read("meta", "server").catch(() => null)) ?? {};
  const at = known.every(Boolean) ? known : Object.values(momentAt(zone, Date.now() - (ahead_ms ?? 0)));
  ["date", "time"].forEach((part, n) => { view.querySelector(`[name="visited_at.${part}"]`).value = at[n]; });
  on(view, "send", ({ target }) => {
    const { why, details } = target.elements;
    const chosen = target.querySelector("[name=why]:checked");
    const when = ["date", "time"].map((part) => target.elements[`visited_at.${part}`].value);
    const words = details.value.trim();
    if (!chosen) return put(target, "wrong", shell.words.choose_why);
    if (why.value === "other" && !words) return put(target, "wrong", shell.words.say_what);
    if (!when.every(Boolean)) return put(target, "wrong", shell.words.give_when);
    ["date", "time"].forEach((part, n) => { form.elements[`visited_at.${part}`].value = when[n]; });
    const label = choiceWords(chosen);
    const reason = why.value === "other" ? words : words ? `${label}. ${words}` : label;
    return dispatch(shell, about, { outcome: chosen.dataset.outcome, reason });
  });
  shell.show(view);
}

/* --- how a sent visit stands --- */

async function showReceipt(shell, draft, standing) {
  const day = await vault.get("day", "day");
  const listed = [...day.sent, ...day.returned].find(({ id }) => id === shell.uuid);
  const main = document.getElementById("main");
  const branch = draft ? placeOf(day, draft) : listed ? placeOf(day, { begin: listed }) : "";
  shell.show(made("receipt", { branch }));
  let shown = {};
  let told = null; // nothing is told of how it stood when the page was opened
  const draw = (now) => {
    const state = now?.state ?? (listed ? "received" : "unknown");
    const of = {
      heading: shell.words[`heading_${state}`],
      standing: [shell.words[`state_${state}`], now?.photos && state === "received" && shell.counted("photos_left", now.photos)].filter(Boolean).join(" "),
      ...(now?.received_at && { received_at: shell.moment(now.received_at), hash: now.hash.slice(0, 12) }),
    };
    if (!slot(main, "heading")) return; // it was locked meanwhile
    for (const [name, text] of Object.entries(of)) if (shown[name] !== text) put(main, name, text);
    slot(main, "facts").hidden = !of.received_at;
    shown = of;
    const words = `${of.heading} ${of.standing}`;
    if (told !== null && told !== words && state !== "sending") shell.tell(words); // each try comes back from "sending"
    if (state !== "sending" || told === null) told = words;
  };
  draw(standing);
  let drawn = Promise.resolve(); // one after the other, so that what is newest stays
  vault.watch(({ type }) => {
    if (!["changed", "sending", "received", "attention", "later"].includes(type)) return;
    drawn = drawn.then(async () => draw((await queue.state()).visits.find(({ visit }) => visit === shell.uuid))).catch(console.error);
  });
}

const placeOf = (day, { begin: { branch } }) => day.branches.find(({ code }) => code === branch)?.name ?? branch;
