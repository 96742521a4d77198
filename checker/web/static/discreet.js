/* A screen for the shop: to everybody else a shopping list, to the shopper one large zone for each thing that happens.

   Which line stands for what is told before it opens for the first time in a visit. It is the same line all through the
   visit, and another one in the next. */

import { now } from "./clock.js";
import { LIST, wasOpen } from "./form.js";
import { button, fill } from "./said.js";

const TOLD = "checker.list.told";
const DOUBLE_MS = 700; // a second tap that soon is a trembling finger
const UNDO_MS = 30_000;
const HOLD_MS = 1000;
const SWIPE = 90; // pixels downwards

/* Opens the screen over `form`. `timing` is what mountTiming returned; `leave()` is told when the form is back.
   Returns {close}. */
export function mountDiscreet(form, { words, timing, leave, visit = form.dataset.visit }) {
  const steps = timing.steps();
  const goods = words.groceries;
  const from = [...visit].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % goods.length, 7);
  const line = (n) => goods[(from + n * 3) % goods.length] + (n >= goods.length ? ` ${Math.floor(n / goods.length) + 1}` : "");
  const title = document.title;
  let list;
  let lock;

  if (memory(TOLD) === visit || wasOpen(visit)) open();
  else explain();

  /* --- what the lines mean, once --- */

  function explain() {
    const told = document.createElement("dialog");
    const meanings = document.createElement("ul");
    meanings.className = "rows";
    meanings.append(...steps.map(({ text }, n) => made("li", fill(words.line_means, { line: line(n), event: text }))));
    const begin = button(words.list_open, () => { told.close("open"); });
    begin.classList.add("main");
    told.className = "told";
    told.append(made("h2", words.list_before), made("p", words.list_how), meanings, begin, button(words.list_not, () => told.close()));
    told.setAttribute("aria-label", words.list_before);
    told.addEventListener("close", () => {
      told.remove();
      if (told.returnValue === "open") open();
      else leave();
    });
    document.body.append(told);
    told.showModal();
  }

  /* --- the list --- */

  function open() {
    const heading = made("h1", words.list_title);
    const lines = made("ul");
    list = made("div");
    list.className = "groceries";
    lines.append(...steps.map(({ id }, n) => {
      const item = made("li");
      const zone = made("button", line(n));
      zone.type = "button";
      zone.addEventListener("click", () => tap(id, zone));
      item.append(zone);
      return item;
    }));
    list.append(heading, lines);
    list.addEventListener("contextmenu", (event) => event.preventDefault());
    watch(heading);
    document.body.append(list);
    document.body.classList.add("listed");
    document.title = words.list_title;
    document.addEventListener("keydown", escape);
    document.addEventListener("visibilitychange", keepAwake);
    remember(LIST, visit);
    remember(TOLD, visit);
    show();
    keepAwake();
    lines.querySelector("button")?.focus({ preventScroll: true });
  }

  function show() {
    steps.forEach(({ id }, n) => list.querySelectorAll("button")[n].classList.toggle("bought", Boolean(timing.last(id))));
  }

  /* A line is struck out as something bought; tapped again before long, it was a mistake. */
  function tap(id, zone) {
    if (!form.isConnected || form.inert) return close(); // locked, or in another tab's hands: nothing is kept here any more
    const ago = now() - Date.parse(timing.last(id)?.at ?? 0);
    if (ago < DOUBLE_MS) return;
    if (!zone.classList.contains("bought")) {
      timing.stamp(id);
    } else if (ago < UNDO_MS) {
      timing.takeBack(id);
    } else return;
    navigator.vibrate?.(40);
    show();
  }

  /* --- the way back: a swipe down from the title, or the title held for a second --- */

  function watch(heading) {
    let start = null;
    let held;
    heading.addEventListener("pointerdown", (event) => {
      start = event;
      heading.setPointerCapture(event.pointerId);
      held = setTimeout(close, HOLD_MS);
    });
    heading.addEventListener("pointermove", (event) => {
      if (!start) return;
      const [right, down] = [event.clientX - start.clientX, event.clientY - start.clientY];
      if (Math.hypot(right, down) > 12) clearTimeout(held);
      if (down > SWIPE && Math.abs(right) < down) close();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      heading.addEventListener(end, () => {
        start = null;
        clearTimeout(held);
      });
    }
  }

  function escape({ key }) {
    if (key === "Escape") close();
  }

  async function keepAwake() {
    if (document.visibilityState !== "visible") return;
    lock = await navigator.wakeLock?.request("screen").catch(() => null);
    if (!list?.isConnected) lock?.release();
  }

  function close() {
    if (!list?.isConnected) return;
    document.removeEventListener("keydown", escape);
    document.removeEventListener("visibilitychange", keepAwake);
    list.remove();
    lock?.release();
    document.body.classList.remove("listed");
    document.title = title;
    remember(LIST, "");
    leave();
  }

  return { close };
}

function made(name, text = "") {
  return Object.assign(document.createElement(name), { textContent: text });
}

function memory(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    /* then it is told again */
  }
}
