/* A visit is filled: the checklist's form, with what the vault keeps of it. Each change is in the vault at once; the server
   gets it too whenever there is one, so that another device can go on. */

import * as clock from "./clock.js";
import { mount } from "./form.js";
import { photosIn, retype } from "./reading.js";
import { button, fill, link } from "./said.js";
import { made, on, put, slot } from "./slots.js";
import { formOf, push, said, throwAway } from "./sync.js";
import * as vault from "./vault.js";

const PUSH_MS = 1_500;
const AGAIN_MS = 30_000; // a server that did not answer, or is not well

export async function show(shell) {
  const { words, uuid } = shell;
  let draft = await vault.get("draft", uuid);
  if (!draft && (await shell.refresh()) !== null) draft = await vault.get("draft", uuid);
  const sealed = await vault.read("queue", uuid).catch(() => null); // what is typed after Send would be lost
  if (!draft || (sealed && sealed.state !== "attention")) return location.replace(`/visits/${uuid}/receipt`);
  const day = await vault.get("day", "day");
  const view = await filled(shell, draft, day).catch(() => null);
  if (!view) return shell.show(notice(words.no_form));
  const main = document.getElementById("main");
  shell.show(view);
  const form = document.getElementById("visit");
  const zone = zoneOf(day, draft.begin.branch);
  let living = null;
  let pushing = null;
  let mine = true; // until another tab takes the visit over

  /* --- what is typed is kept --- */

  function touched() {
    if (!mine) return;
    draft.typed = living.read();
    draft.turn = Math.max(Date.now(), (draft.turn ?? 0) + 1);
    say(words.saving);
    keep();
    pushLater();
  }

  /* Every change is put at once; the vault keeps their order, so the last one stays. */
  async function keep() {
    const { turn } = draft;
    try {
      await vault.put("draft", uuid, draft);
      if (turn === draft.turn) say(fill(words.kept, { time: clockFace() }));
    } catch {
      say(words.not_kept, true);
    }
  }

  const clockFace = () => new Date().toTimeString().slice(0, 5);

  function say(text, trouble = false) {
    const place = living.bar("saved");
    place.classList.toggle("trouble", trouble);
    place.textContent = text;
    if (trouble) living.announce(text);
  }

  function pushLater(ms = PUSH_MS) {
    clearTimeout(pushing);
    pushing = setTimeout(pushNow, ms);
  }

  async function pushNow(options) {
    if (!mine || draft.gone || (!options && said(draft.typed) === said(draft.base ?? {}))) return;
    const change = await push({ ...draft }, options).catch(() => ({}));
    if (!mine) return; // thrown away, or another tab's by now
    if (!Object.keys(change).length) return pushLater(AGAIN_MS);
    Object.assign(draft, change);
    await vault.put("draft", uuid, draft);
    tellOfOthers();
  }

  /* Another device was at work on the same visit: both versions are kept, and the shopper chooses. */
  function tellOfOthers() {
    const notices = [];
    if (draft.conflict) {
      const keepMine = button(words.keep_mine, () => pushNow({ instead: true }));
      const takeOther = button(words.take_other, takeTheirs);
      notices.push(notice(words.conflict, keepMine, takeOther));
    } else if (draft.copies) notices.push(notice(words.copies, link(`/visits/${uuid}/copies`, words.compare)));
    if (draft.refused) notices.push(notice(fill(words.refused, { why: draft.refused })));
    if (draft.gone) notices.push(notice(words[`gone_${draft.gone}`]));
    put(main, "notices", notices);
  }

  async function takeTheirs() {
    mine = false;
    await vault.put("draft", uuid, { ...draft, base: draft.typed, conflict: false });
    await shell.refresh();
    location.reload();
  }

  /* The office asks otherwise since the day that this form was made for: it is made anew, once what is typed is kept. */
  async function drawAnew() {
    const asked = checklistOf(await vault.get("day", "day"), draft.begin);
    if (!mine || asked.named === checklistOf(day, draft.begin).named) return;
    await formOf(asked); // so that it is there, whatever becomes of the network
    form.inert = true; // nothing more is typed that the next page would not know
    const kept = await vault.put("draft", uuid, draft).then(() => true, () => false);
    form.inert = kept;
    mine = !kept;
    if (kept) location.reload();
  }

  /* --- one tab at a time --- */

  navigator.locks?.request(`checker.draft ${uuid}`, { steal: true }, () => new Promise(() => {})).catch(() => {
    mine = false;
    form.inert = true;
    put(main, "notices", [notice(words.elsewhere, button(words.go_on_here, () => location.reload()))]);
    scrollTo(0, 0); // nothing answers any more, so it must be seen why
  });

  /* --- the form --- */

  const { ahead_ms, checked_at } = (await vault.read("meta", "server").catch(() => null)) ?? {};
  clock.recall({ ahead_ms, checked_at });
  retype(form, draft.typed);
  living = mount(form, { visit: uuid, zone, words: JSON.parse(form.dataset.words), touched });
  let photos = null;
  if (form.querySelector('[data-type="photo"]')) {
    const { photosOf } = await import("./kept-photos.js");
    const kept = photosOf(uuid);
    await kept.tidy(photosIn(form).map(({ sha256 }) => sha256));
    const options = { words: JSON.parse(form.dataset.words), changed: living.changed, photos: kept, zone };
    const begin = async () => { photos = (await import("./photos.js")).mountPhotos(form, options); };
    if (photosIn(form).length) await begin();
    else form.addEventListener("change", withFirst(begin, () => say(options.words.photo_lost, true)));
  }
  on(main, "discard", async () => {
    mine = false;
    clearTimeout(pushing);
    await throwAway(draft);
    location.replace("/"); // and there the server hears of it, as soon as there is one
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!mine) return;
    photos?.settle();
    touched();
    await keep();
    if (event.submitter?.value === "review") location.assign(`/visits/${uuid}/review`);
  });
  for (const event of ["online", "visibilitychange"]) window.addEventListener(event, () => pushNow());
  tellOfOthers();
  shell.refresh({ open: uuid }).then(drawAnew).catch(() => {}).then(() => pushNow());
  const place = document.getElementById(location.hash.slice(1));
  if (place) living.go(place);
  return undefined;
}

/* Most visits are filled without a photo: what takes them is fetched with the first, which then happens once more for it. */
function withFirst(begin, failed) {
  let begun = null;
  return async ({ target }) => {
    if (begun || !target.dataset.take || !target.files.length) return;
    begun = begin().then(() => target.dispatchEvent(new Event("change", { bubbles: true })), () => { begun = null; failed(); });
    await begun;
  };
}

const zoneOf = (day, branch) => day.branches.find(({ code }) => code === branch)?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/* The page around the form, and the form, with what the day says of this visit. */
async function filled(shell, draft, day) {
  const assigned = day.assignments.find(({ id }) => id === draft.begin.assignment);
  const checklist = checklistOf(day, draft.begin);
  const view = made("filling", {
    branch: day.branches.find(({ code }) => code === draft.begin.branch)?.name ?? draft.begin.branch,
    title: shell.title(checklist.title),
    query: draft.query || null,
    form: await emptyForm(day, draft),
  });
  slot(view, "practice").hidden = !draft.begin.practice;
  slot(view, "unfinished").href = `/visits/${draft.id}/unfinished`;
  if (assigned) {
    const { scenario, briefing, visit_from, visit_to } = assigned;
    slot(view, "briefing").hidden = false;
    put(view, "window", fill(shell.words.briefing, { first: shell.day(visit_from), last: shell.day(visit_to) }));
    for (const [name, text] of [["scenario", scenario], ["words", briefing]]) {
      put(view, name, text || null);
      slot(view, name).previousElementSibling.hidden = !text;
    }
  }
  return view;
}

export function checklistOf(day, { checklist, version }) {
  return day.checklists.find((held) => held.id === checklist && held.version === version)
    ?? { ...day.checklists.find((held) => held.id === checklist), version };
}

/* The checklist's form with nothing in it but the branch's employees and clock. */
export async function emptyForm(day, draft) {
  const page = new DOMParser().parseFromString(await formOf(checklistOf(day, draft.begin)), "text/html");
  const form = document.adoptNode(page.getElementById("visit"));
  for (const select of form.querySelectorAll(".served select")) {
    const held = draft.typed[select.name]?.[0];
    for (const code of new Set([...(day.employees[draft.begin.branch] ?? []), ...(held ? [held] : [])])) select.add(new Option(code));
  }
  const zone = zoneOf(day, draft.begin.branch);
  for (const place of form.querySelectorAll("[data-zone-words]")) place.textContent = place.textContent.replace("…", zone);
  form.dataset.zone = zone;
  return form;
}

function notice(text, ...controls) {
  const made_ = Object.assign(document.createElement("p"), { className: "notice bad" });
  made_.append(text, ...controls.flatMap((control) => [" ", control]));
  made_.setAttribute("role", "alert");
  return made_;
}
