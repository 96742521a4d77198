/* The living form of a visit: what is asked, how far one is, times, counting, one tap for many. The server's page and the
   tablet's shell mount it alike; without it the form works too. */

import { answerOf, contextOf, retype, typed } from "./reading.js";
import * as stopwatch from "./stopwatch.js";
import { button, fill, momentAt } from "./said.js";
import { asked } from "./when.js";

/* Makes `form` live. `words` are what is said, `visit` its id, `zone` its branch's time zone; `touched()` is told whenever
   inputs have changed. Returns {read, put, bar}: what is typed, putting it back, the parts of the bar at the bottom. */
export function mount(form, { visit, zone, words, touched: tell }) {
  const questions = [...form.querySelectorAll("[data-item]")];
  const items = questions.map(({ dataset }) => ({
    id: dataset.item,
    type: dataset.type,
    when: dataset.when ? JSON.parse(dataset.when) : {},
  }));
  const bar = (name) => form.querySelector(`#bar [data-${name}]`);
  const input = (question, suffix = "") => form.elements[`answers.${question.dataset.item}${suffix}`];
  const announce = (text) => { form.querySelector("#spoken").textContent = text; };
  const read = () => typed(form);

  function changed() {
    review();
    tell();
  }

  /* --- what is asked, and how far one is --- */

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
    bar("progress").textContent = fill(words.progress, { answered, asked: shown.size });
    bar("left").textContent = open.length ? fill(words.left, { n: open.length }) : words.done;
    Object.assign(bar("bar"), { value: answered, max: shown.size || 1 });
    leadTo(open);
    tick();
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

  function go(target) {
    target.scrollIntoView({ block: "center" });
    const first = target.querySelector("input:not([type=hidden]), button:not([hidden]), select, textarea");
    first?.focus({ preventScroll: true });
  }

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
    const undo = button(words.undo, () => { put(before); notice.hidden = true; });
    notice.hidden = false;
    notice.replaceChildren(`${fill(words.filled, { n: filled })} `, undo);
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
    const shown = bar("running");
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

  /* The moment at the branch, whatever zone this device thinks it is in. */
  function now(name) {
    const { date, time } = momentAt(zone);
    form.elements[`${name}.date`].value = date;
    form.elements[`${name}.time`].value = time;
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
  stopwatch.forgetOld();
  timed.forEach(showTime);
  review();
  return { read, put, bar, announce };
}
