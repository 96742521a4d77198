/* The panel of times: everything that can be tapped, and what was. On top of timing.js, and loaded when it is opened first. */

import { button, fill } from "./said.js";
import { face, FORGOTTEN_MS } from "./timing.js";

/* `timing`: what mountTiming gave for `form`. Returns toggle(), and show(): how it stands. */
export function mountTimes(form, timing, words) {
  const { entries, last, since, measured, inWords, clockOf, nameOf } = timing;
  const panel = form.querySelector("[data-panel]");
  const opener = form.querySelector("[data-times]");
  const attempts = panel.querySelector("[data-attempts]");
  const rows = [...panel.querySelectorAll(".time")];
  const watched = ({ dataset: { watch } }) => watch && form.querySelector(`[data-item="${watch}"]`);

  /* --- how it stands --- */

  function show() {
    const list = entries();
    const undone = panel.querySelector("[data-do=undo]");
    undone.hidden = !list.length;
    for (const newest of list.slice(-1)) undone.textContent = fill(words.undo_tap, { event: nameOf(newest.event), time: clockOf(newest) });
    for (const row of rows) {
      const entry = row.dataset.event && last(row.dataset.event, list);
      const question = watched(row);
      const ms = question ? since(question, list) : null;
      const time = question && measured(question, list);
      let shown = entry ? clockOf(entry) : "";
      if (question) shown = ms === null ? (time ? inWords(time) : "") : `${words.stop} ${face(ms)}`;
      row.querySelector("[data-at]").textContent = shown;
      row.classList.toggle("done", Boolean(entry));
      if (question) row.hidden = question.hidden;
      else row.querySelector("[data-do=back]").hidden = !entry;
    }
    if (attempts) showAttempts(list);
  }

  function showAttempts(list) {
    const stands = JSON.stringify(list);
    if (attempts.dataset.shown === stands) return; // what has the focus is left alone while times run
    attempts.dataset.shown = stands;
    attempts.replaceChildren(...list.filter(({ event }) => event.startsWith("call.")).map((entry) => {
      const item = document.createElement("li");
      const text = `${nameOf(entry.event)} ${clockOf(entry)}`;
      const away = button(words.remove, () => { timing.remove(entry); opener.focus(); });
      away.setAttribute("aria-label", `${words.remove}: ${text}`);
      item.append(text, away);
      return item;
    }));
  }

  function toggle(open = panel.hidden) {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", open);
    timing.refresh();
  }

  /* --- what is tapped in it --- */

  /* What was before: noted as so many seconds ago. */
  function earlier(row, seconds) {
    const typed = row.querySelector("input");
    if (!(seconds > 0 && seconds * 1000 <= FORGOTTEN_MS)) return typed.focus();
    typed.value = "";
    timing.stamp(row.dataset.event, seconds);
    close(row);
  }

  function close(row) {
    row.querySelector("details").open = false;
    row.querySelector("button").focus();
  }

  const done = {
    undo: timing.undo,
    watch: (row) => timing.press(watched(row)),
    note: (row) => earlier(row, Number(row.querySelector("input").value.replace(",", "."))),
    back(row) {
      timing.takeBack(row.dataset.event);
      close(row);
    },
    tap(row) { // what was tapped already is corrected, not overwritten by a finger
      if (last(row.dataset.event)) row.querySelector("details").open = true;
      else timing.stamp(row.dataset.event);
    },
  };

  panel.addEventListener("click", ({ target }) => {
    const control = target.closest("button");
    const row = control?.closest(".time");
    if (control?.dataset.do) done[control.dataset.do](row);
    else if (control?.dataset.ago) earlier(row, Number(control.dataset.ago));
    else if (control?.dataset.call) timing.stamp(control.dataset.call);
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

  return { show, toggle };
}
