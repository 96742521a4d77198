/* What the header's menu does: language, PIN, the file of what is unsent, signing out. Loaded when it is opened first; until
   then nothing in it can be tapped. */

import { leave } from "./lock.js";
import { fill } from "./said.js";
import { on, put } from "./slots.js";
import { exportUnsent } from "./unsent.js";
import * as vault from "./vault.js";

/* `room`: a promise of what vault.js's settle() says. */
export function mount(own, { words, speak }, room) {
  const does = (name, act) => on(own, name, (event) => act(event).catch(() => put(own, "storage", words.broken)));
  does("language", ({ target }) => speak(target.value));
  does("pin", async ({ target }) => {
    const password = prompt(words.password_for_pin); // never kept, so it is asked for
    if (password === null) return;
    const set = await vault.setPin(password, target.elements.pin.value);
    put(own, "pin", set ? words.pin_set : words.open_wrong);
    target.reset();
  });
  does("export", download);
  does("leave", leave);
  own.querySelector("[inert]").inert = false;
  room.then(({ persisted, usage, quota }) => put(own, "storage", [
    `${fill(words.storage, { used: Math.ceil(usage / 2 ** 20), of: Math.floor(quota / 2 ** 20) })} `,
    persisted ? words.persisted : words.not_persisted,
  ].join(" ")));
}

/* One file with all that is unsent, sealed, for an administrator to read in; drafts and photos of the open vault too. */
async function download() {
  const address = URL.createObjectURL(await exportUnsent());
  Object.assign(document.createElement("a"), { href: address, download: `unsent-${new Date().toISOString().slice(0, 10)}.json` }).click();
  setTimeout(URL.revokeObjectURL, 60_000, address);
}
