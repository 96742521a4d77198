/* The shell begins: whose vault is open, which page the address means, and what stands in every page's header. */

import * as queue from "./queue.js";
import { dayInWords, fillFor, momentInWords } from "./said.js";
import { put } from "./slots.js";
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
  async speak(wanted) {
    await vault.act("meta", "readwrite", async (tx) => tx.store.put({ ...(await tx.store.get("open")), language: wanted }, "open"));
    location.reload();
  },
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
  if (opened.language !== language) return shell.speak(opened.language);
  await showOwn(room);
  const shown = await loading;
  await shown.show(shell, page);
  queue.start();
}

/* What is asked only now and then has modules of its own: the lock, and what the header's menu does. */

async function showLock() {
  main.replaceChildren(); // at once: what stood there is for nobody else to see
  document.getElementById("own")?.remove(); // the name too
  const lock = await import("./lock.js");
  await lock.show(shell);
  queue.start();
}

async function showOwn(room) {
  const own = document.getElementById("own");
  const { person } = await vault.get("day", "day");
  put(own, "name", person.name);
  own.hidden = false;
  own.addEventListener("toggle", () => import("./own.js").then(({ mount }) => mount(own, shell, room)).catch(() => {
    put(own, "storage", words.broken);
    shell.tell(words.broken);
  }), { once: true });
}

/* --- how it stands --- */

let amiss = null; // the trouble that is not over

async function showStanding() {
  const { visits, unsent } = await queue.state();
  if (amiss) return;
  const place = document.getElementById("standing");
  const attention = visits.some(({ state }) => state === "attention");
  place.classList.toggle("trouble", attention);
  const said = [unsent && shell.counted("unsent", unsent), attention && words.attention].filter(Boolean).join(" · ");
  if (place.textContent !== said) place.textContent = said; // it is read aloud whenever it is put
}

function showTrouble(what) {
  amiss = what;
  if (!what) return showStanding();
  const place = document.getElementById("standing");
  place.classList.add("trouble");
  place.textContent = words[`trouble_${what}`];
  return shell.tell(place.textContent);
}

vault.watch((message) => {
  if (message.type === "locked") showLock().catch(broken);
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

function broken(error) {
  console.error(error);
  shell.tell(words.broken);
  main.replaceChildren(Object.assign(document.createElement("p"), { className: "notice bad", textContent: words.broken }));
}

document.documentElement.classList.add("scripted");
begin().catch(broken);
showStanding();
offerUpdate();
