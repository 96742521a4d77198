/* The visit's form comes alive: drafts, stopwatches, what is asked, how far one is. Without it the form works too. */

import { Keeping } from "./keeping.js";
import { answerOf, contextOf, retype, typed } from "./reading.js";
import * as stopwatch from "./stopwatch.js";
import { asked } from "./when.js";

const form = document.getElementById("visit");
const visit = form.dataset.visit;
const words = JSON.parse(form.dataset.words);
const questions = [...form.querySelectorAll("[data-item]")];
const items = questions.map(({ dataset }) => ({
  id: dataset.item,
  type: dataset.type,
  when: dataset.when ? JSON.parse(dataset.when) : {},
}));
const bar = document.getElementById("bar");
const part = (name) => bar.querySelector(`[data-${name}]`);

function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
}

function input(question, suffix = "") {
  return form.elements[`answers.${question.dataset.item}${suffix}`];
}

/* --- what is asked, and how far one is --- */

function read() {
  return typed(form);
}

/* Shows and hides questions, and says how far one is. */
function review() {
  const kept = read();
  const answers = {};
  for (const question of questions) answers[question.dataset.item] = answerOf(question, kept);
  const shown = asked(items, answers, contextOf(kept));
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
  part("progress").textContent = fill(words.progress, { answered, asked: shown.size });
  part("left").textContent = open.length ? fill(words.left, { n: open.length }) : words.done;
  Object.assign(part("bar"), { value: answered, max: shown.size || 1 });
  next(open);
  tick();
}

/* The link leads to the next open question after the one that was touched last, else to the first. */
function next(open) {
  const link = part("next");
  link.textContent = open.length ? words.next : words.end;
  link.onclick = (event) => {
    const after = open.find((question) => questions.indexOf(question) > questions.indexOf(touched));
    event.preventDefault();
    go(after ?? open[0] ?? document.getElementById("afterwards"));
  };
}

let touched = null;
form.addEventListener("focusin", ({ target }) => { touched = target.closest("[data-item]") ?? touched; });

function go(target) {
  target.scrollIntoView({ block: "center" });
  const first = target.querySelector("input:not([type=hidden]), button:not([hidden]), select, textarea");
  first?.focus({ preventScroll: true });
}

/* --- the draft --- */

const keeping = new Keeping({
  visit,
  sequence: Number(form.elements.sequence.value),
  device: form.elements.device.value,
  token: form.elements.csrf_token.value,
  read,
  say,
});

function say(state, details) {
  const place = part("saved");
  const trouble = ["offline", "signed_out", "refused", "conflict", "sent"].includes(state);
  place.classList.toggle("trouble", trouble);
  switch (state) {
    case "saved":
      place.textContent = fill(words.saved, { time: new Date(details).toTimeString().slice(0, 5) });
      break;
    case "refused":
      place.textContent = fill(words.refused, { why: details ?? "" });
      break;
    case "signed_out":
      place.replaceChildren(`${words.signed_out} `, link(`/login?next=/visits/${visit}`, words.sign_in));
      break;
    case "conflict":
      place.replaceChildren(
        `${words.conflict} `,
        button(words.keep_mine, () => keeping.save({ instead: true })),
        button(words.take_other, () => { keeping.forget(); location.reload(); }),
      );
      break;
    case "sent":
      place.replaceChildren(`${words.sent} `, link(`/visits/${visit}/receipt`, words.receipt));
      break;
    default:
      place.textContent = words[state];
  }
  if (trouble) announce(place.textContent); // what goes well is only shown: nobody wants to hear it after every tap
}

function link(href, text) {
  return Object.assign(document.createElement("a"), { href, textContent: text });
}

function button(text, onclick) {
  return Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: text, onclick });
}

function changed() {
  review();
  keeping.touch();
}

form.addEventListener("input", changed);
form.addEventListener("change", changed);
window.addEventListener("online", () => keeping.save());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keeping.save({ leaving: true });
});
window.addEventListener("pagehide", () => keeping.save({ leaving: true }));

/* A page is left only when what is on it is stored: a sign-in that is over must not swallow an hour's work. */
form.addEventListener("submit", async (event) => {
  const pressed = event.submitter;
  if (pressed?.dataset.ready) return;
  event.preventDefault();
  const [what, item] = (pressed?.value ?? "save").split(":");
  if (what === "clear") return clear(form.querySelector(`[data-item="${item}"]`));
  if (what === "nobody") return nobody();
  keeping.touch();
  const stored = await keeping.save();
  if (what === "save" || !stored) return;
  form.elements.sequence.value = keeping.sequence;
  form.elements.device.value = keeping.device;
  pressed.dataset.ready = "yes";
  setTimeout(() => { // a form that is just being submitted ignores a second request for it
    pressed.click();
    delete pressed.dataset.ready;
  });
});

/* --- one tap for many, one tap back --- */

function put(values) {
  retype(form, values);
  timed.forEach(showTime);
  changed();
}

function clear(question) {
  const kept = read();
  const name = `answers.${question.dataset.item}`;
  for (const key of Object.keys(kept)) {
    if (key !== `${name}.note` && (key === name || key.startsWith(`${name}.`))) delete kept[key];
  }
  put(kept);
  question.querySelector("input:not([type=hidden]), textarea")?.focus();
}

/* Fills what is open about the staff, question after question: each answer may hide or show later ones. */
function nobody() {
  const before = read();
  let filled = 0;
  for (const question of questions) {
    if (question.hidden || !question.dataset.nobody) continue;
    const kept = read();
    const name = `answers.${question.dataset.item}`;
    if (Object.keys(kept).some((key) => key === name || key.startsWith(`${name}.`))) continue;
    retype(form, { ...kept, ...JSON.parse(question.dataset.nobody) });
    filled += 1;
    review();
  }
  put(read());
  const notice = form.querySelector("[data-filled]");
  notice.hidden = false;
  notice.replaceChildren(`${fill(words.filled, { n: filled })} `, button(words.undo, () => { put(before); notice.hidden = true; }));
}

/* --- times --- */

const timed = questions.filter(({ dataset }) => dataset.type === "duration");
const running = new Set();

function showTime(question) {
  const seconds = input(question, ".seconds").value.trim();
  const tapped = input(question, ".tapped").value;
  const label = question.querySelector("[data-time]");
  label.hidden = !seconds;
  question.querySelector("[data-shown]").textContent = seconds
    ? fill(seconds === tapped ? words.measured : words.typed, { time: `${seconds} s` })
    : words.seconds;
  const begin = question.querySelector("[data-start]");
  const runs = running.has(question);
  begin.classList.toggle("main", runs || !seconds);
  if (!runs) caption(begin, seconds ? words.again : words.start);
  question.querySelector("[data-cancel]").hidden = !runs;
}

/* The words of a button, beside those for screen readers that follow them. */
function caption(control, text) {
  if (control.firstChild.data !== text) control.firstChild.data = text;
}

function press(question) {
  const { item } = question.dataset;
  if (running.has(question)) {
    const ms = stopwatch.stop(visit, item);
    running.delete(question);
    const seconds = stopwatch.tenths(ms);
    input(question, ".seconds").value = seconds;
    input(question, ".tapped").value = seconds;
    question.querySelector("[value=time]").checked = true;
    announce(fill(words.measured, { time: `${seconds} s` }));
  } else {
    stopwatch.start(visit, item);
    running.add(question);
    if (!form.elements["visited_at.date"].value && !form.elements["visited_at.time"].value) now("visited_at");
    announce(words.running);
  }
  showTime(question);
  changed();
}

function cancel(question) {
  stopwatch.stop(visit, question.dataset.item);
  running.delete(question);
  showTime(question);
  tick();
}

/* Shows the running times on their questions. The bar, always in view, stops the first of them, or starts the first time
   that is still open: at a shop's door nobody has a hand free to look for a question. */
function tick() {
  const [first] = running;
  for (const question of running) caption(question.querySelector("[data-start]"), runningWords(question));
  const next = first ?? timed.find((question) => !question.hidden && !input(question, ".seconds").value && !chosen(question));
  const shown = part("running");
  shown.hidden = !next;
  shown.classList.toggle("main", Boolean(first));
  shown.textContent = first ? runningWords(first) : words.stopwatch;
  shown.onclick = () => press(next);
  clearTimeout(tick.next);
  if (first) tick.next = setTimeout(tick, 250);
}

function runningWords(question) {
  return `${words.stop} ${stopwatch.face(stopwatch.elapsed(visit, question.dataset.item) ?? 0)}`;
}

function chosen(question) {
  return question.querySelector("[type=radio]:checked");
}

function announce(text) {
  document.getElementById("spoken").textContent = text;
}

/* The moment at the branch, whatever zone this device thinks it is in. */
function now(name) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: form.dataset.zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(new Date());
  const found = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  form.elements[`${name}.date`].value = `${found.year}-${found.month}-${found.day}`;
  form.elements[`${name}.time`].value = `${found.hour}:${found.minute}`;
}

for (const question of timed) {
  question.querySelector("[data-start]").addEventListener("click", () => press(question));
  question.querySelector("[data-cancel]").addEventListener("click", () => cancel(question));
  input(question, ".seconds").addEventListener("input", (event) => {
    question.querySelector("[value=time]").checked = event.target.value.trim() !== "";
    showTime(question);
  });
  if (stopwatch.elapsed(visit, question.dataset.item) !== null) running.add(question);
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

/* --- begin --- */

document.documentElement.classList.add("scripted");
stopwatch.forgetOld();
keeping.settle();
const left = keeping.recover(JSON.parse(form.dataset.turns));
if (left) put(left);
timed.forEach(showTime);
review();
document.getElementById("faults")?.focus();
