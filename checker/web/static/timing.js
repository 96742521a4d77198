/* What happens in a visit, tapped when it happens; the time between two taps answers a question.

   The input `events` holds every tap and nothing else does: with the rest of the form it outlives a reload, a dark screen and
   a killed tab. Of an event that is there several times the last counts. */

import { aheadMs, iso, known, now } from "./clock.js";
import { secondsOf } from "./reading.js";
import { figure, fill, momentAt } from "./said.js";

const MOST = 500;
export const FORGOTTEN_MS = 24 * 60 * 60 * 1000; // what still runs after a day was left running
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
   its last entry; stamp(id, ago): notes it now or, as an estimate, seconds ago; undo(); takeBack(id): forgets its last tap;
   and what times.js needs besides. */
export function mountTiming(form, { words, changed, announce, zone = form.dataset.zone }) {
  const timed = [...form.querySelectorAll('[data-type="duration"]')];
  const bar = form.querySelector("[data-running]");
  const panel = form.querySelector("[data-panel]");
  const opener = form.querySelector("[data-times]");
  const events = [...panel.querySelectorAll("[data-event]")].map((row) => ({ id: row.dataset.event, text: row.querySelector("b").textContent }));
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

  const inWords = ({ seconds, estimated }) => fill(estimated ? words.typed : words.measured, { time: `${figure(secondsOf(seconds))} s` });
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
    const told = `${moment(entry)}`;
    if (`${visited.map(({ value }) => value)}` === told && !list.some((other) => `${moment(other)}` === told)) visit(["", ""]);
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

  /* --- the panel with all that can be tapped, and what was: most visits do without --- */

  const fetchTimes = () => import("./times.js");
  let times = null;
  let fetching = null;

  async function toggle() {
    fetching ??= fetchTimes().then(({ mountTimes }) => { times = mountTimes(form, timing, words); }, () => { fetching = null; });
    await fetching;
    times?.toggle();
  }

  /* --- how it stands --- */

  function refresh() {
    const held = document.activeElement; // what was tapped may be hidden now, and the keyboard would be nowhere
    timed.forEach(show);
    const runs = showBar();
    if (!panel.hidden) times.show();
    if (held.hidden) (held.closest("[data-item]")?.querySelector("[data-start]:not([hidden]), [value=time]") ?? opener).focus();
    clearTimeout(refresh.next);
    if (runs && form.isConnected) refresh.next = setTimeout(refresh, 250);
  }

  /* Also of what is not asked yet: a line of the list stands for the same all through the visit. */
  const steps = () => [...events, ...timed.filter(({ dataset }) => !dataset.from).flatMap(ends).map((id) => ({ id, text: nameOf(id) }))];

  const timing = { refresh, steps, last, stamp, undo, takeBack, entries, since, measured, press, remove, inWords, clockOf, nameOf };
  opener.hidden = !panel.querySelector(".time, [data-attempts]");
  opener.addEventListener("click", toggle);
  if (!opener.hidden && !navigator.serviceWorker?.controller) fetchTimes().catch(() => {}); // no worker keeps it for when there is no network
  refresh();
  return timing;
}
