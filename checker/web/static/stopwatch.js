/* Stopwatches that outlive a reload: each remembers by the wall clock when it was started, under its visit and question. */

const PREFIX = "checker.stopwatch ";
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;
const memory = new Map(); // where the browser keeps nothing for us, they live as long as the page

function key(visit, item) {
  return `${PREFIX}${visit} ${item}`;
}

function keep(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    /* private mode, or full: the page's memory has it */
  }
}

function kept(name) {
  try {
    return localStorage.getItem(name) ?? memory.get(name);
  } catch {
    return memory.get(name);
  }
}

function forget(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    /* it was never there */
  }
}

/* Starts one; one that runs already is left running, so that a double tap loses nothing. */
export function start(visit, item, now = Date.now()) {
  if (elapsed(visit, item, now) === null) keep(key(visit, item), String(now));
}

/* Milliseconds since it was started; null when it does not run. */
export function elapsed(visit, item, now = Date.now()) {
  const since = Number(kept(key(visit, item)) ?? NaN);
  return Number.isNaN(since) ? null : Math.max(0, now - since);
}

/* Ends it and returns the milliseconds it measured; null when it did not run. */
export function stop(visit, item, now = Date.now()) {
  const measured = elapsed(visit, item, now);
  forget(key(visit, item));
  return measured;
}

/* Removes what was left running by visits of other days. */
export function forgetOld(now = Date.now()) {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX) && now - Number(localStorage.getItem(name)) > FORGOTTEN_MS) localStorage.removeItem(name);
    }
  } catch {
    /* nothing is kept there */
  }
}

/* 65,432 ms as a clock shows it: 1:05 */
export function face(ms) {
  const whole = Math.floor(ms / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/* 12,345 ms as seconds with one decimal, cut off as the score cuts off: 12.3 */
export function tenths(ms) {
  return String(Math.floor(ms / 100) / 10);
}
