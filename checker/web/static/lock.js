/* The page while nobody's vault is open: a password or a PIN opens it. Loaded when it is shown. */

import * as queue from "./queue.js";
import { made, on, put, slot } from "./slots.js";
import * as vault from "./vault.js";

export async function show(shell) {
  const held = await vault.read("meta", "open").catch(() => null);
  const who = held?.owner ? { owner: held.owner } : null;
  const view = made("locked", { why: shell.words.locked });
  if (who) view.querySelector(".field").hidden = true;
  const { unsent } = await queue.state();
  put(view, "others", unsent ? shell.counted("unsent", unsent) : null);
  on(view, "open", ({ target }) => open(target, who, shell));
  on(view, "other", leave).hidden = !who;
  shell.show(view);
  document.getElementById(who ? "secret" : "email").focus();
}

async function open(form, who, { words, language }) {
  const pressed = form.querySelector("button");
  if (pressed.disabled) return; // a second tap is no second try
  pressed.disabled = true;
  const typed = form.elements.secret.value;
  const given = who ?? { email: form.elements.email.value };
  const result = await unlock(given, typed, language).catch(() => null);
  if (result === "open") return location.reload();
  slot(form, "wrong").textContent = result ? words[`open_${result}`] : words.broken;
  form.elements.secret.select();
  pressed.disabled = false;
  return undefined;
}

async function unlock(given, typed, language) {
  const pin = /^[0-9]{4,8}$/.test(typed) && (await vault.known(given))?.pin;
  return vault.open({ ...given, language, ...(pin ? { pin: typed } : { password: typed }) });
}

/* Signing out works without network too: the vault is closed at once, the server hears of it before anything else. */
export async function leave() {
  await vault.act("meta", "readwrite", (tx) => tx.store.put(true, "leaving"));
  await vault.lock({ leave: true });
  location.assign("/login");
}
