/* The shell begins: whose vault is open, which page the address means, and what stands in every page's header. */

import * as queue from "./queue.js";
import { dayInWords, fill, fillFor, momentInWords } from "./said.js";
import { made, on, put, slot } from "./slots.js";
import { refresh } from "./sync.js";
import * as vault from "./vault.js";

const words = JSON.parse(document.body.dataset.words);
const language = document.documentElement.lang;
const main = document.getElementById("main");
const [, uuid, page] = /^\/visits\/([0-9a-f-]{36})(?:\/(review|receipt|unfinished))?$/.exec(location.pathname) ?? [];

/* What pages are given: words, their place, and how to show and tell. */
const shell = {
  words, language, uuid, refresh,
  counted: (name, n) => fillFor(n, words[name], language),
  day: dayInWords,
  moment: momentInWords,
  title: (titles) => (typeof titles === "string" ? titles : titles?.[language] ?? Object.values(titles ?? {})[0] ?? ""),
  show(view) {
    main.replaceChildren(view);
    const place = location.hash && document.getElementById(location.hash.slice(1));
    if (place) place.scrollIntoView({ block: "center" });
  },
  tell(text) { document.getElementById("told").textContent = text; },
};

/* A module, and in the same breath those it will ask for: one after the other each costs a way to the server and back. */
function together(name, ...others) {
  for (const other of others) import(`./${other}.js`).catch(() => {}); // who needs it says so
  return import(`./${name}.js`);
}

const PAGES = {
  undefined: () => (uuid ? together("filling", "form", "reading", "timing", "clock", "when") : import("./today.js")),
  review: () => import("./reading-back.js"),
  unfinished: () => import("./reading-back.js"),
  receipt: () => import("./reading-back.js"),
};

async function begin() {
  const room = vault.settle();
  const loading = PAGES[page](); // while the vault is looked into
  loading.catch(() => {}); // told below, unless the vault is locked
  const opened = await vault.current();
  if (!opened) return showLock();
  if (opened.language !== language) return changeLanguage(opened.language);
  await showOwn(room);
  const shown = await loading;
  await shown.show(shell, page);
  queue.start();
}

/* --- locked --- */

async function showLock(why = "") {
  const held = await vault.read("meta", "open").catch(() => null);
  const who = held?.owner ? { owner: held.owner } : null;
  const view = made("locked", { why: why || words.locked });
  if (who) view.querySelector(".field").hidden = true;
  const { unsent } = await queue.state();
  put(view, "others", unsent ? shell.counted("unsent", unsent) : null);
  on(view, "open", ({ target }) => open(target, who));
  on(view, "other", leave).hidden = !who;
  shell.show(view);
  main.querySelector(who ? "#secret" : "#email").focus();
  queue.start();
}

async function open(form, who) {
  const typed = form.elements.secret.value;
  const given = who ?? { email: form.elements.email.value };
  const manner = { ...given, minutes: LOCKED_MINUTES, language };
  const pin = /^[0-9]{4,8}$/.test(typed) && (await vault.known(given))?.pin;
  const result = await vault.open({ ...manner, ...(pin ? { pin: typed } : { password: typed }) });
  if (result === "open") return location.reload();
  slot(main, "wrong").textContent = words[`open_${result}`];
  form.elements.secret.select();
  return undefined;
}

const LOCKED_MINUTES = 12 * 60; // until the day says how long it may lie idle

/* --- every page's header --- */

async function showOwn(room) {
  const own = document.getElementById("own");
  const day = await vault.get("day", "day");
  own.hidden = false;
  put(own, "name", day.person.name);
  on(own, "language", ({ target }) => changeLanguage(target.value));
  on(own, "pin", async ({ target }) => {
    const password = prompt(words.password_for_pin); // never kept, so it is asked for
    if (password === null) return;
    const set = await vault.setPin(password, target.elements.pin.value);
    put(own, "pin", set ? words.pin_set : words.open_wrong);
    target.reset();
  });
  on(own, "export", exportUnsent);
  on(own, "leave", leave);
  room.then(({ persisted, usage, quota }) => put(own, "storage", [
    `${fill(words.storage, { used: Math.ceil(usage / 2 ** 20), of: Math.floor(quota / 2 ** 20) })} `,
    persisted ? words.persisted : words.not_persisted,
  ].join(" ")));
}

async function changeLanguage(wanted) {
  await vault.act("meta", "readwrite", async (tx) => tx.store.put({ ...(await tx.store.get("open")), language: wanted }, "open"));
  location.reload();
}

async function exportUnsent() {
  const file = await queue.exportUnsent();
  const address = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: address, download: `unsent-${new Date().toISOString().slice(0, 10)}.json` }).click();
  setTimeout(URL.revokeObjectURL, 60_000, address);
}

/* Signing out works without network too: the vault is closed at once, the server hears of it before anything else. */
async function leave() {
  await vault.act("meta", "readwrite", (tx) => tx.store.put(true, "leaving"));
  await vault.lock({ leave: true });
  location.assign("/login");
}

/* --- how it stands --- */

async function showStanding() {
  const { visits, unsent } = await queue.state();
  const place = document.getElementById("standing");
  const attention = visits.some(({ state }) => state === "attention");
  place.classList.toggle("trouble", attention);
  const said = [unsent && shell.counted("unsent", unsent), attention && words.attention].filter(Boolean).join(" · ");
  if (place.textContent !== said) place.textContent = said; // it is read aloud whenever it is put
}

function showTrouble(what) {
  if (!what) return showStanding();
  const place = document.getElementById("standing");
  place.classList.add("trouble");
  place.textContent = words[`trouble_${what}`];
  return shell.tell(place.textContent);
}

vault.watch((message) => {
  if (message.type === "locked") showLock();
  else if (message.type === "trouble") showTrouble(message.what);
  else if (message.type === "revoked") location.replace("/login");
  else showStanding();
});

/* --- a newer build --- */

async function offerUpdate() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration) return;
  const offer = () => {
    const waiting = registration.waiting;
    if (!waiting) return;
    const place = document.getElementById("update");
    place.hidden = false;
    place.querySelector("button").onclick = () => waiting.postMessage("take over");
  };
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
}

document.documentElement.classList.add("scripted");
begin().catch((error) => {
  console.error(error);
  shell.tell(words.broken);
  main.replaceChildren(Object.assign(document.createElement("p"), { className: "notice bad", textContent: words.broken }));
});
showStanding();
offerUpdate();
