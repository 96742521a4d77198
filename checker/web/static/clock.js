/* Time that can be trusted: taps are told by a clock that runs evenly, not by one that somebody sets meanwhile.

   performance.now() runs evenly and Date.now() tells the moment, so the first is anchored to the second. While the page is in
   view a change of the device's clock changes nothing. While it was out of view the device may have slept, and the even clock
   with it: then the device's clock may move the time forward, and never back. */

export class Clock {
  constructor({ wall = () => Date.now(), even = () => performance.now() } = {}) {
    Object.assign(this, { wall, even, ahead: null, checkedAt: null });
    this.anchor = wall() - even();
  }

  /* Milliseconds since 1970, by this device. */
  now() {
    return this.anchor + this.even();
  }

  /* The page is in view again. */
  woke() {
    this.anchor = Math.max(this.anchor, this.wall() - this.even());
  }

  /* The server said that it was `serverIso` in its reply to a request sent and answered at these moments of `now()`. */
  learn(serverIso, sentAt, gotAt) {
    const server = Date.parse(serverIso);
    if (Number.isNaN(server)) return;
    this.ahead = Math.round((sentAt + gotAt) / 2 - server);
    this.checkedAt = serverIso;
  }

  /* What was learnt, as it travels with a visit; nulls while nothing was. */
  get known() {
    return { ahead_ms: this.ahead, checked_at: this.checkedAt };
  }

  set known({ ahead_ms, checked_at }) {
    Object.assign(this, { ahead: ahead_ms ?? null, checkedAt: checked_at ?? null });
  }
}

const shared = new Clock();

export const now = () => shared.now();
export const learn = (serverIso, sentAt, gotAt) => shared.learn(serverIso, sentAt, gotAt);

/* By how much this device's clock is ahead of the server's; null when nobody knows. */
export const aheadMs = () => shared.ahead;
export const known = () => shared.known;

/* Goes on with what an earlier page had learnt: {ahead_ms, checked_at}. */
export const recall = (kept) => { shared.known = kept; };

/* A moment of `now()` in ISO 8601 with the offset of a zone, in the very form the server gives it back. */
export function iso(ms, zone) {
  const at = Math.round(ms);
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  }).formatToParts(at);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const part = ((at % 1000) + 1000) % 1000;
  const offset = Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - (at - part)) / 60000);
  const two = (n) => String(n).padStart(2, "0");
  const behind = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${part ? `.${String(part).padStart(3, "0")}000` : ""}${behind}`;
}

if (typeof document !== "undefined") {
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") shared.woke(); });
  window.addEventListener("pageshow", () => shared.woke());
}
