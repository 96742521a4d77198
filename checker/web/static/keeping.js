/* Keeps a draft on the server while the shopper types: one save at a time, tried again until it is stored.

   What was typed last also lies in the tab's own memory (sessionStorage) for a moment longer: when a page is left, its
   last save and the request for the next page run side by side, and the next page may show what was before the save.
   Each save has a turn, and the page says which turns the server knows, so the next page can tell. */

const WAIT_MS = 400;
const LINGER_MS = 5000;
const RETRY_MS = [2000, 4000, 8000, 16000, 30000];

/* `read()` gives what is typed; `say(state, details)` shows how it stands: unsaved, saving, saved, offline, signed_out,
   conflict, sent or refused. */
export class Keeping {
  constructor({ visit, sequence, device, token, read, say }) {
    Object.assign(this, { visit, sequence, device, token, read, say });
    this.turn = 0;
    this.stored = ""; // what the server has, for certain
    this.latest = ""; // what was last seen on the page
    this.failures = 0;
    this.halted = false;
    this.timer = null;
    this.running = null;
  }

  get slot() {
    return `checker.unsaved ${this.visit}`;
  }

  /* What the page before this one typed and this one does not show, else null. `turns`: device -> the last turn the
     server knew when it made this page. This page goes on in the other's name, so that it is no second device. */
  recover(turns) {
    let left = null;
    try {
      left = JSON.parse(sessionStorage.getItem(this.slot));
    } catch {
      /* nothing that we could read */
    }
    const known = left && ((turns[left.device] ?? 0) >= left.turn || JSON.stringify(left.typed) === this.stored);
    if (!left || known) return this.forget();
    Object.assign(this, { device: left.device, turn: left.turn, sequence: left.base, stored: "" });
    return left.typed;
  }

  forget() {
    sessionStorage.removeItem(this.slot);
    return null;
  }

  /* What is on the page is what the server has. */
  settle() {
    this.stored = this.latest = JSON.stringify(this.read());
  }

  /* Something was typed. */
  touch() {
    if (this.halted) return;
    const typed = this.read();
    const text = JSON.stringify(typed);
    if (text === this.latest) return;
    this.latest = text;
    this.remember(typed);
    if (this.failures === 0) this.say("unsaved");
    this.later(this.failures ? RETRY_MS[0] : WAIT_MS);
  }

  remember(typed) {
    this.turn = Math.max(Date.now(), this.turn + 1);
    try {
      const left = { device: this.device, turn: this.turn, base: this.sequence, typed };
      sessionStorage.setItem(this.slot, JSON.stringify(left));
    } catch {
      /* full or forbidden: the page itself still has it */
    }
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), ms);
  }

  /* Saves what is typed; true when it is stored. `instead`: in place of another device's version, which is kept. */
  async save({ instead = false, leaving = false } = {}) {
    if (this.running && !leaving) await this.running;
    if (this.halted && !instead) return false;
    const typed = this.read();
    const text = JSON.stringify(typed);
    if (text === this.stored && !instead) return true;
    clearTimeout(this.timer);
    if (this.failures === 0) this.say("saving");
    const attempt = this.send(typed, text, instead, leaving);
    this.running = attempt.finally(() => { this.running = null; });
    return attempt;
  }

  async send(typed, text, instead, leaving) {
    let answer;
    try {
      answer = await fetch(`/visits/${this.visit}/draft`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ device: this.device, base: this.sequence, turn: this.turn, instead, typed }),
        keepalive: leaving,
        redirect: "error",
      });
    } catch {
      return this.failed("offline");
    }
    const body = await answer.json().catch(() => ({}));
    if (body.saved_at) return this.received(body, text);
    switch (body.code) {
      case "session.over":
        return this.failed("signed_out");
      case "request.form_expired":
        return this.renew();
      case "draft.conflict":
      case "draft.sent":
        this.halted = true;
        this.say(body.code === "draft.sent" ? "sent" : "conflict");
        return false;
      default:
        return this.failed(answer.ok || answer.status >= 500 || answer.status === 429 ? "offline" : "refused", body.detail);
    }
  }

  received(body, text) {
    this.sequence = body.sequence;
    this.failures = 0;
    this.halted = false;
    if (body.turn > this.turn) { // a later page has saved in our name; say it again, after it
      this.turn = body.turn + 1;
      this.later(0);
      return false;
    }
    this.stored = text;
    if (JSON.stringify(this.read()) === text) {
      this.timer = setTimeout(() => this.forget(), LINGER_MS);
      this.say("saved", body.saved_at);
    } else this.later(WAIT_MS);
    return true;
  }

  failed(state, details) {
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    this.say(state, details);
    if (state !== "refused") this.later(wait);
    return false;
  }

  /* Somebody signed in again meanwhile: a new token, then once more. */
  async renew() {
    const session = await fetch("/session").then((answer) => answer.json()).catch(() => null);
    if (!session) return this.failed("offline");
    if (!session.person) return this.failed("signed_out");
    this.token = session.csrf_token;
    return this.failed("unsaved");
  }
}
