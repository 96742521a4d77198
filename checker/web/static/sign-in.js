/* The sign-in page: a shopper's vault on this device is opened by the same password. Where anything for that is missing,
   the form is sent as it is. */

import * as vault from "./vault.js";
import { ask } from "./sync.js";

const WORKER_MS = 15_000;

const form = document.querySelector("main form");
const able = "serviceWorker" in navigator && Boolean(globalThis.crypto?.subtle) && "indexedDB" in globalThis;

form.addEventListener("submit", async (event) => {
  if (!able || form.dataset.plain) return;
  event.preventDefault();
  const pressed = form.querySelector("button.main");
  if (pressed.disabled) return;
  pressed.disabled = true;
  const email = form.elements.email.value;
  const password = form.elements.password.value;
  const answer = await fetch("/login", { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (!said) { // no network, or nothing that we understand: as without a script, and in nobody's vault
    await vault.lock({ leave: true }).catch(() => {});
    form.dataset.plain = "yes";
    pressed.disabled = false;
    return form.requestSubmit(pressed);
  }
  if (!answer.ok) {
    pressed.disabled = false;
    return refuse(said.faults?.map(({ text }) => text).join(" ") || said.detail || said.title);
  }
  let revoked = null;
  try {
    await vault.act("meta", "readwrite", (tx) => tx.store.delete("leaving")); // that session is over, this one is not
    await vault.lock({ leave: true }); // whoever's vault was open here: another person has signed in
    if (said.person.role === "shopper") revoked = await enter(email, password);
  } catch (error) {
    console.warn("This device cannot work without network:", error); // pages of the server do all the same
  }
  if (!revoked) return location.replace(said.next);
  const session = await fetch("/session").then((fresh) => fresh.json()).catch(() => ({}));
  form.elements.csrf_token.value = session.csrf_token; // the one before ended with the session
  pressed.disabled = false;
  return refuse(revoked);
});

/* What is wrong, at the password, as the server's page says it. */
function refuse(text) {
  const field = form.elements.password.closest(".field");
  field.querySelector(".faults")?.remove();
  const line = Object.assign(document.createElement("li"), { textContent: text });
  const faults = Object.assign(document.createElement("ul"), { className: "faults", id: "password-faults" });
  faults.setAttribute("role", "alert");
  faults.append(line);
  field.append(faults);
  field.classList.add("faulty");
  form.elements.password.select();
}

/* Opens the vault of who has just signed in, or makes one, and fetches what a day without network needs. Returns what the
   server says of a device that it has revoked. */
async function enter(email, password) {
  const registration = await navigator.serviceWorker.register("/sw.js", { type: "module" });
  if (!registration) throw new Error("workers are not allowed here");
  const failed = failing(registration.installing);
  const contact = await (await import("./queue.js")).contact(); // what waits here is counted truly
  if (!contact) throw new Error("the server does not know this device");
  if (contact.revoked) return contact.detail;
  const { ok, body: day } = await ask("GET", "/tablet/day");
  if (!ok) throw new Error(day.title);
  const manner = { email, password, minutes: day.idle_minutes, language: day.person.language };
  let opened = await vault.open(manner);
  if (opened !== "open") opened = await vault.recover({ ...manner, fetchKey });
  if (opened !== "open") await vault.create({ ...manner, person: day.upload.person, serverKey: contact.key, day });
  await vault.put("day", "day", day);
  await Promise.race([navigator.serviceWorker.ready, failed]);
  return null;
}

async function fetchKey(escrow, named) {
  const { status, ok, body } = await ask("POST", "/tablet/recover", { escrow });
  if (ok) return body.key;
  // another's vault may be sealed to a key that the server does not have any more
  if (body.code === "tablet.not_yours" || (!named && [409, 422].includes(status))) return null;
  throw new Error(body.title);
}

/* Fails when a worker gives up its installation, or takes too long over it. */
function failing(worker) {
  const failed = new Promise((_done, fail) => {
    setTimeout(fail, WORKER_MS, new Error("the worker takes too long"));
    worker?.addEventListener("statechange", () => { if (worker.state === "redundant") fail(new Error("the worker gave up")); });
  });
  failed.catch(() => {}); // it may fail before anybody waits for it
  return failed;
}
