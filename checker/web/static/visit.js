/* The server's page of a visit comes alive: the form, and its draft kept on the server while the shopper types. */

import { learn, now } from "./clock.js";
import { mount } from "./form.js";
import { Keeping } from "./keeping.js";
import { button, fill, link } from "./said.js";

const form = document.getElementById("visit");
const { visit, zone } = form.dataset;
const words = JSON.parse(form.dataset.words);
const [asked] = performance.getEntriesByType("navigation"); // for this page, in the even clock's time
if (asked) {
  const begun = now() - performance.now();
  learn(form.dataset.answeredAt, begun + asked.requestStart, begun + asked.responseStart);
}
const living = mount(form, { visit, zone, words, touched: () => keeping?.touch() });
const keeping = new Keeping({
  visit,
  sequence: Number(form.elements.sequence.value),
  device: form.elements.device.value,
  token: form.elements.csrf_token.value,
  read: living.read,
  say,
});

function say(state, details) {
  const place = living.bar("saved");
  const trouble = ["offline", "signed_out", "refused", "conflict", "sent"].includes(state);
  place.classList.toggle("trouble", trouble);
  switch (state) {
    case "saved":
      place.textContent = fill(words.saved, { time: new Date(details).toTimeString().slice(0, 5) });
      break;
    case "refused":
      place.textContent = fill(words.refused, { why: details ?? "" });
      break;
    case "signed_out":
      place.replaceChildren(`${words.signed_out} `, link(`/login?next=/visits/${visit}`, words.sign_in));
      break;
    case "conflict":
      place.replaceChildren(
        `${words.conflict} `,
        button(words.keep_mine, () => keeping.save({ instead: true })),
        button(words.take_other, () => { keeping.forget(); location.reload(); }),
      );
      break;
    case "sent":
      place.replaceChildren(`${words.sent} `, link(`/visits/${visit}/receipt`, words.receipt));
      break;
    default:
      place.textContent = words[state];
  }
  if (trouble) living.announce(place.textContent); // what goes well is only shown: nobody wants to hear it after every tap
}

window.addEventListener("online", () => keeping.save());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keeping.save({ leaving: true });
});
window.addEventListener("pagehide", () => keeping.save({ leaving: true }));

/* A page is left only when what is on it is stored: a sign-in that is over must not swallow an hour's work. */
form.addEventListener("submit", async (event) => {
  const pressed = event.submitter;
  if (pressed?.dataset.ready) return;
  event.preventDefault();
  keeping.touch();
  const stored = await keeping.save();
  if ((pressed?.value ?? "save") === "save" || !stored) return;
  form.elements.sequence.value = keeping.sequence;
  form.elements.device.value = keeping.device;
  pressed.dataset.ready = "yes";
  setTimeout(() => { // a form that is just being submitted ignores a second request for it
    pressed.click();
    delete pressed.dataset.ready;
  });
});

keeping.settle();
const left = keeping.recover(JSON.parse(form.dataset.turns));
if (left) living.put(left);
document.getElementById("faults")?.focus();
