/* An order of reports, followed while it is made: the same page is asked for again, and its part put in place.
   Without this module the browser reloads the page by itself. */

const EVERY_MS = 1_000;
const AFTER_FAULT_MS = 10_000;

const part = document.querySelector("[data-follow]");
const state = document.querySelector("[data-state]");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

while (part.dataset.follow === "open") {
  await wait(EVERY_MS);
  if (document.hidden) continue;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    await wait(AFTER_FAULT_MS);
    continue;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-follow]");
  const held = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceChildren(...fresh.childNodes);
  part.dataset.follow = fresh.dataset.follow;
  if (held) document.getElementById(held)?.focus();
  const said = page.querySelector("[data-state]").textContent;
  if (state.textContent !== said) state.textContent = said; // read out, and only when it changes
}
