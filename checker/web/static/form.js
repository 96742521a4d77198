/* The living form of a visit: what is asked, how far one is, times, counting, one tap for many. The server's page and the
   tablet's shell mount it alike; without it the form works too. */

import * as clock from "./clock.js";
import { answerOf, contextOf, retype, typed } from "./reading.js";
import { button, fill, momentAt } from "./said.js";
import { mountTiming } from "./timing.js";
import { asked } from "./when.js";

/* Makes `form` live. `visit` is its id, `words` are what is said, `zone` its branch's time zone; `touched()` is told whenever inputs have
   changed. Returns {read, put, bar, announce, changed, go}: what is typed, putting it
   back, the parts of the bar at the bottom, saying something aloud, what to call when inputs were changed from outside, and
   leading to a part of the form. */
export function mount(form, { visit, zone, words, touched: tell }) {
  const questions = [...form.querySelectorAll("[data-item]")];
  const bar = (name) => form.querySelector(`#bar [data-${name}]`);
  const input = (question, suffix = "") => form.elements[`answers.${question.dataset.item}${suffix}`];
  const announce = (text) => { form.querySelector("#spoken").textContent = text; };
  const read = () => typed(form);
  let timing = null;

  function changed() {
    review();
    tell();
  }

  /* --- what is asked, and how far one is --- */

  /* Shows and hides questions, and says how far one is. */
  function review() {
    const { answers, shown } = standing(questions, read());
    const open = [];
    let answered = 0;
    for (const question of questions) {
      const { item } = question.dataset;
      question.hidden = !shown.has(item);
      question.querySelector(".clear").hidden = answers[item] === undefined;
      if (!shown.has(item)) continue;
      if (answers[item] !== undefined) answered += 1;
      else if ("required" in question.dataset) open.push(question);
    }
    bar("progress").textContent = fill(words.progress, { answered, asked: shown.size });
    bar("left").textContent = open.length ? fill(words.left, { n: open.length }) : words.done;
    Object.assign(bar("bar"), { value: answered, max: shown.size || 1 });
    leadTo(open);
    timing?.refresh();
  }

  let last = null; // the question that was touched last
  form.addEventListener("focusin", ({ target }) => { last = target.closest("[data-item]") ?? last; });

  /* The link leads to the next open question after the one that was touched last, else to the first. */
  function leadTo(open) {
    const link = bar("next");
    link.textContent = open.length ? words.next : words.end;
    link.onclick = (event) => {
      const after = open.find((question) => questions.indexOf(question) > questions.indexOf(last));
      event.preventDefault();
      go(after ?? open[0] ?? form.querySelector("#afterwards"));
    };
  }

  /* Leads to a part of the form; what is too high for the middle begins at the top, for its words to be read. */
  function go(target) {
    target.closest("details")?.setAttribute("open", "");
    target.scrollIntoView({ block: target.offsetHeight < innerHeight / 2 ? "center" : "start" });
    enter(target);
  }

  function enter(target) {
    target.querySelector("input:not([type=hidden]), button:not([hidden]), select, textarea")?.focus({ preventScroll: true });
  }

  /* --- one tap for many, one tap back --- */

  function put(values) {
    retype(form, values);
    timing.refresh();
    changed();
  }

  function clear(question) {
    const kept = read();
    const name = `answers.${question.dataset.item}`;
    for (const key of Object.keys(kept)) {
      if (key !== `${name}.note` && (key === name || key.startsWith(`${name}.`))) delete kept[key];
    }
    put(kept);
    enter(question);
  }

  /* Fills what is open about the staff, question after question: each answer may hide or show later ones. */
  function nobody() {
    const filled = {};
    for (const question of questions) {
      if (question.hidden || !question.dataset.nobody) continue;
      const kept = read();
      const name = `answers.${question.dataset.item}`;
      if (Object.keys(kept).some((key) => key === name || key.startsWith(`${name}.`))) continue;
      retype(form, Object.assign(kept, Object.assign(filled, JSON.parse(question.dataset.nobody))));
      review();
    }
    put(read());
    const notice = form.querySelector("[data-filled]");
    const undo = button(words.undo, () => {
      const kept = read(); // what was answered since stays
      for (const name in filled) if (`${kept[name]}` === `${filled[name]}`) delete kept[name];
      put(kept);
      notice.hidden = true;
      form.querySelector("[value=nobody]").focus();
    });
    notice.hidden = false;
    notice.replaceChildren(`${fill(words.filled, { n: Object.keys(filled).length })} `, undo);
  }

  /* --- times --- */

  timing = mountTiming(form, { words, changed, announce, zone });

  /* The screen for tapping unseen; after a reload in the middle of a shop it must be there again by itself. */
  const list = form.querySelector("[data-discreet]");
  const leave = () => list.focus();
  const fetchList = () => import("./discreet.js");
  const showList = () => fetchList().then(({ mountDiscreet }) => mountDiscreet(form, { words, timing, leave, visit }));
  list.addEventListener("click", showList);
  if (wasOpen(visit)) showList();
  else if (!navigator.serviceWorker?.controller) fetchList().catch(() => {}); // no worker keeps it for when there is no network

  /* The moment at the branch, whatever zone this device thinks it is in and however wrong its clock goes. */
  function now(name) {
    const { date, time } = momentAt(zone, clock.now() - (clock.aheadMs() ?? 0));
    form.elements[`${name}.date`].value = date;
    form.elements[`${name}.time`].value = time;
  }

  for (const control of form.querySelectorAll("[data-now]")) {
    control.addEventListener("click", () => { now(control.dataset.now); changed(); });
  }

  /* --- counting, ticking --- */

  for (const control of form.querySelectorAll("[data-more]")) {
    const steps = [...control.closest("[data-item]").querySelectorAll("[type=radio]")].filter(({ value }) => /^[0-9]+$/.test(value));
    control.addEventListener("click", () => {
      const at = steps.findIndex((step) => step.checked);
      steps[Math.min(at < 0 ? 1 : at + 1, steps.length - 1)].checked = true;
      changed();
    });
  }

  /* "None of these", "not applicable" and the rest of a question exclude each other. */
  form.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox" || !target.checked) return;
    const alone = (box) => box.value === "none/" || box.value === "n/a";
    for (const box of target.closest("[data-item]")?.querySelectorAll("[type=checkbox]") ?? []) {
      if (box !== target && (alone(box) || alone(target))) box.checked = false;
    }
  });

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);

  /* Buttons that only change the form are done with here; those that leave it are the page's. */
  form.addEventListener("submit", (event) => {
    const [what, item] = (event.submitter?.value ?? "").split(":");
    if (what !== "clear" && what !== "nobody") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (what === "clear") clear(form.querySelector(`[data-item="${item}"]`));
    else nobody();
  });

  document.documentElement.classList.add("scripted");
  review();
  return { read, put, bar, announce, changed, go };
}

export const LIST = "checker.list"; // in the tab's memory: the visit whose list is open

/* Whether this visit's list was open when the page went away: a reload must not show the form in the middle of a shop. */
export function wasOpen(visit) {
  try {
    return sessionStorage.getItem(LIST) === visit;
  } catch {
    return false;
  }
}

/* What the questions (fieldsets) say with what is typed: {answers: item -> as it is sent, shown: the items that are asked}. */
function standing(questions, kept) {
  const answers = Object.fromEntries(questions.map((question) => [question.dataset.item, answerOf(question, kept)]));
  const items = questions.map(({ dataset }) => ({ id: dataset.item, type: dataset.type, when: JSON.parse(dataset.when ?? "{}") }));
  return { answers, shown: asked(items, answers, contextOf(kept)) };
}

/* The questions of a filled form that are asked. */
export function shownQuestions(form) {
  const questions = [...form.querySelectorAll("[data-item]")];
  const { shown } = standing(questions, typed(form));
  return questions.filter(({ dataset }) => shown.has(dataset.item));
}
