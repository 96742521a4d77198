/* What happens in a visit, tapped when it happens; the time between two taps answers a question.

   The input `events` holds every tap and nothing else does: with the rest of the form it outlives a reload, a dark screen and
   a killed tab. Of an event that is there several times the last counts. */

import { aheadMs, iso, known, now } from "./clock.js";
import { button, figure, fill, momentAt } from "./said.js";

const MOST = 500;
const FORGOTTEN_MS = 24 * 60 * 60 * 1000; // what still runs after a day was left running
const DOUBLE_MS = 400; // two taps closer than that were one

/* 65,432 ms as a clock shows it: 1:05 */
export function face(ms) {
  const whole = Math.floor(ms / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/* 12,345 ms as seconds with one decimal, cut off as the score cuts off: 12.3 */
export function tenths(ms) {
  return String(Math.floor(ms / 100) / 10);
}

/* Makes times work in `form`. `changed()` is told when inputs have changed and calls refresh(), `announce(text)` says something
   aloud. Returns refresh(): shows how it stands; steps(): what can be tapped, {id, text} in order; last(id):
   its last entry; stamp(id, ago): notes it now or, as an estimate, seconds ago; undo(); takeBack(id): forgets its last tap. */
export function mountTiming(form, { words, changed, announce, zone = form.dataset.zone }) {
  const timed = [...form.querySelectorAll('[data-type="duration"]')];
  const bar = form.querySelector("[data-running]");
  const panel = form.querySelector("[data-panel]");
  const opener = form.querySelector("[data-times]");
  const attempts = panel.querySelector("[data-attempts]");
  const rows = [...panel.querySelectorAll(".time")];
  const named = (control) => control.querySelector("b").textContent;
  const events = rows.filter(({ dataset }) => dataset.event).map((row) => ({ id: row.dataset.event, text: named(row) }));
  const field = form.elements.events;
  const input = (question, part = "") => form.elements[`answers.${question.dataset.item}${part}`];
  const chosen = (question) => question.querySelector("[type=radio]:checked")?.value;
  const visited = ["date", "time"].map((part) => form.elements[`visited_at.${part}`]);
  let tapped = -Infinity;

  /* --- what was tapped --- */

  function entries() {
    try {
      return JSON.parse(field.value || "[]");
    } catch {
      return [];
    }
  }

  const last = (id, list = entries()) => list.filter(({ event }) => event === id).at(-1);
  const ends = ({ dataset: { item, from, until } }) => (from ? [from, until] : [`${item}.start`, `${item}.stop`]);

  /* Since when a question's time runs, in ms; null when it does not. */
  function since(question, list = entries()) {
    const [begun, ended] = ends(question).map((id) => last(id, list));
    const over = ended && (question.dataset.from || list.indexOf(ended) > list.indexOf(begun));
    if (!begun || over || ["never", "n/a"].includes(chosen(question))) return null;
    const ms = Math.max(0, now() - Date.parse(begun.at));
    return ms > FORGOTTEN_MS ? null : ms;
  }

  /* What the taps say of a question's time: {seconds, estimated}, else null. */
  function measured(question, list = entries()) {
    const [from, until] = ends(question);
    const ended = last(until, list);
    const begun = last(from, question.dataset.from ? list : list.slice(0, list.indexOf(ended) + 1));
    const ms = ended && begun ? Date.parse(ended.at) - Date.parse(begun.at) : -1;
    return ms < 0 ? null : { seconds: tenths(ms), estimated: Boolean(begun.estimated || ended.estimated) };
  }

  function answer(question, { seconds, estimated }) {
    input(question, ".seconds").value = seconds;
    input(question, ".tapped").value = estimated ? "" : seconds;
    question.querySelector("[value=time]").checked = seconds !== "";
  }

  /* Puts another list of taps in place, and into the answers what changes with it; `says` is told aloud. */
  function change(list, says) {
    const before = timed.map((question) => measured(question));
    field.value = list.length ? JSON.stringify(list) : "";
    form.elements.clock.value = list.length ? JSON.stringify(known()) : "";
    const found = timed.map((question, n) => {
      const after = measured(question, list);
      if (JSON.stringify(before[n]) === JSON.stringify(after)) return "";
      if (after) answer(question, after);
      else if (input(question, ".seconds").value === before[n].seconds) answer(question, { seconds: "" });
      return after ? inWords(after) : "";
    });
    changed();
    announce([says, ...found].join(" ").trim());
  }

  const inWords = ({ seconds, estimated }) => fill(estimated ? words.typed : words.measured, { time: `${figure(seconds)} s` });
  const clockOf = ({ at, estimated }) => (estimated ? fill(words.about, { time: at.slice(11, 19) }) : at.slice(11, 19));

  function nameOf(id) {
    const [item, part] = id.split(".");
    if (item === "call") return panel.querySelector(`[data-call="${id}"]`)?.textContent ?? id;
    if (!part) return events.find((event) => event.id === id)?.text ?? id;
    return `${words[part]}: ${form.querySelector(`[data-item="${item}"] legend`)?.textContent.trim() ?? item}`;
  }

  function stamp(id, ago) {
    const list = entries();
    const entry = { event: id, at: iso(now() - (ago ?? 0) * 1000, zone) };
    if (list.length >= MOST) return;
    if (ago !== undefined) entry.estimated = true;
    tapped = now();
    if (!id.startsWith("call.") && !visited.some(({ value }) => value)) visit(moment(entry));
    change([...list, entry], fill(words.noted, { event: nameOf(id), time: clockOf(entry) }));
  }

  function remove(entry) {
    const list = entries();
    list.splice(list.findLastIndex(({ event, at }) => event === entry.event && at === entry.at), 1);
    if (visited.every(({ value }, n) => value === moment(entry)[n])) visit(["", ""]);
    change(list, fill(words.taken_back, { event: nameOf(entry.event) }));
  }

  const undo = () => entries().length && remove(entries().at(-1));
  const takeBack = (id) => last(id) && remove(last(id));

  /* When the contact began, by a clock at the branch that is right: the first tap fills it in. */
  const moment = ({ at }) => Object.values(momentAt(zone, Date.parse(at) - (aheadMs() ?? 0)));
  const visit = (values) => visited.forEach((one, n) => { one.value = values[n]; });

  /* --- the questions --- */

  function press(question) {
    const [from, until] = ends(question);
    const runs = since(question) !== null;
    const both = question.dataset.from && !runs && measured(question);
    if (runs && now() - tapped < DOUBLE_MS) return;
    if (!both) return stamp(runs ? until : from);
    answer(question, both);
    changed();
  }

  function show(question) {
    const { dataset: { from, until } } = question;
    const seconds = input(question, ".seconds").value.trim();
    const ms = since(question);
    const taps = from && measured(question);
    const begin = question.querySelector("[data-start]");
    const part = (name) => question.querySelector(`[data-${name}]`);
    part("time").hidden = !seconds;
    part("shown").textContent = seconds
      ? inWords({ seconds, estimated: seconds !== input(question, ".tapped").value })
      : words.seconds;
    part("cancel").hidden = ms === null || Boolean(from);
    begin.classList.toggle("main", ms !== null || !seconds);
    begin.hidden = ms === null && taps?.seconds === seconds;
    let text = seconds ? words.again : words.start;
    if (ms !== null) text = `${from ? nameOf(until) : words.stop} ${face(ms)}`;
    else if (from) text = taps ? fill(words.use_taps, { time: `${figure(taps.seconds)} s` }) : nameOf(from);
    if (begin.firstChild.data !== text) begin.firstChild.data = text; // beside the words for screen readers that follow
  }

  for (const question of timed) {
    question.querySelector("[data-start]").addEventListener("click", () => press(question));
    question.querySelector("[data-cancel]").addEventListener("click", () => takeBack(ends(question)[0]));
    input(question, ".seconds").addEventListener("input", ({ target }) => {
      question.querySelector("[value=time]").checked = target.value.trim() !== "";
    });
  }

  /* --- the bar: the next thing to tap, always in reach --- */

  /* The event after the last one tapped; what never happened is passed over. */
  function nextEvent() {
    const list = entries();
    const never = (id) => timed.some((question) => question.dataset.until === id && chosen(question) === "never");
    const at = events.findLastIndex(({ id }) => last(id, list));
    return events.slice(at + 1).find(({ id }) => !never(id));
  }

  /* Shows it, with the time that runs; true while one does. */
  function showBar() {
    const running = timed.filter((question) => since(question) !== null);
    const event = nextEvent();
    const watches = timed.filter(({ dataset }) => !dataset.from);
    const first = watches.find((question) => running.includes(question));
    const open = watches.find((question) => !question.hidden && !input(question, ".seconds").value && !chosen(question));
    const time = running.length ? face(since(event ? running[0] : first ?? running[0])) : "";
    bar.hidden = !(event ?? first ?? open);
    bar.classList.toggle("main", Boolean(event ?? first));
    bar.textContent = event || first ? `${event?.text ?? words.stop} ${time}`.trim() : words.stopwatch;
    bar.onclick = () => {
      if (!event) press(first ?? open);
      else if (now() - tapped >= DOUBLE_MS) stamp(event.id);
    };
    return running.length > 0;
  }

  /* --- the panel: everything that can be tapped, and what was --- */

  function showPanel() {
    const list = entries();
    const undone = panel.querySelector("[data-do=undo]");
    undone.hidden = !list.length;
    for (const newest of list.slice(-1)) undone.textContent = fill(words.undo_tap, { event: nameOf(newest.event), time: clockOf(newest) });
    for (const row of rows) {
      const { event, watch } = row.dataset;
      const entry = event && last(event, list);
      const question = watch && timed.find(({ dataset }) => dataset.item === watch);
      const ms = question ? since(question, list) : null;
      const time = question && measured(question, list);
      let shown = entry ? clockOf(entry) : "";
      if (question) shown = ms === null ? (time ? inWords(time) : "") : `${words.stop} ${face(ms)}`;
      row.querySelector("[data-at]").textContent = shown;
      row.classList.toggle("done", Boolean(entry));
      if (question) row.hidden = question.hidden;
      else row.querySelector("[data-do=back]").hidden = !entry;
    }
    if (!attempts || attempts.dataset.shown === field.value) return; // what has the focus is left alone while times run
    attempts.dataset.shown = field.value;
    attempts.replaceChildren(...list.filter(({ event }) => event.startsWith("call.")).map((entry) => {
      const item = document.createElement("li");
      const text = `${nameOf(entry.event)} ${clockOf(entry)}`;
      const away = button(words.remove, () => { remove(entry); opener.focus(); });
      away.setAttribute("aria-label", `${words.remove}: ${text}`);
      item.append(text, away);
      return item;
    }));
  }

  function toggle(open) {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", open);
    refresh();
  }

  /* What was before: noted as so many seconds ago. */
  function earlier(row, seconds) {
    const typed = row.querySelector("input");
    if (!(seconds > 0 && seconds * 1000 <= FORGOTTEN_MS)) return typed.focus();
    typed.value = "";
    stamp(row.dataset.event, seconds);
    close(row);
  }

  function close(row) {
    row.querySelector("details").open = false;
    row.querySelector("button").focus();
  }

  const done = {
    undo,
    watch: (row) => press(timed.find(({ dataset }) => dataset.item === row.dataset.watch)),
    note: (row) => earlier(row, Number(row.querySelector("input").value.replace(",", "."))),
    back(row) {
      takeBack(row.dataset.event);
      close(row);
    },
    tap(row) { // what was tapped already is corrected, not overwritten by a finger
      if (last(row.dataset.event)) row.querySelector("details").open = true;
      else stamp(row.dataset.event);
    },
  };

  panel.addEventListener("click", ({ target }) => {
    const control = target.closest("button");
    const row = control?.closest(".time");
    if (control?.dataset.do) done[control.dataset.do](row);
    else if (control?.dataset.ago) earlier(row, Number(control.dataset.ago));
    else if (control?.dataset.call) stamp(control.dataset.call);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      toggle(false);
      opener.focus();
    } else if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      done.note(event.target.closest(".time"));
    }
  });

  /* --- how it stands --- */

  function refresh() {
    timed.forEach(show);
    const runs = showBar();
    if (!panel.hidden) showPanel();
    clearTimeout(refresh.next);
    if (runs && form.isConnected) refresh.next = setTimeout(refresh, 250);
  }

  const watched = () => timed.filter((question) => !question.dataset.from && !question.hidden);
  const steps = () => [...events, ...watched().flatMap(ends).map((id) => ({ id, text: nameOf(id) }))];

  opener.hidden = !(rows.length || attempts);
  opener.addEventListener("click", () => toggle(panel.hidden));
  refresh();
  return { refresh, steps, last, stamp, undo, takeBack };
}
