/* Small things that pages say and show: sentences with gaps, days and numbers, links and buttons, the moment at a branch. */

/* "%(n)s left" with its gaps filled. */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
}

/* The sentence for a number, where a language has several: {one: "…", other: "…"} by the rules of plurals of `language`. */
export function fillFor(n, forms, language) {
  return fill(forms[new Intl.PluralRules(language).select(n)] ?? forms.other, { n, num: n });
}

/* By the customs of the page's language, as on the server's pages. */
const customs = () => (document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang);
const written = (at, manner) => new Intl.DateTimeFormat(customs(), { dateStyle: "medium", ...manner }).format(new Date(at));

export const dayInWords = (date) => written(`${date.slice(0, 10)}T12:00Z`, { timeZone: "UTC" });

/* `at`: ISO; on this device's clock unless a zone is given. */
export const momentInWords = (at, timeZone) => written(at, { timeStyle: "short", timeZone });

/* A number that was typed or measured; what is none, such as "1:05", stays as it was typed. */
export function figure(typed) {
  const number = Number(typed.replace(",", "."));
  return Number.isNaN(number) ? typed : new Intl.NumberFormat(customs(), { maximumFractionDigits: 3 }).format(number);
}

export function link(href, text) {
  return Object.assign(document.createElement("a"), { href, textContent: text });
}

export function button(text, onclick) {
  return Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: text, onclick });
}

/* The day and time of day in a zone, as inputs take them, whatever zone this device thinks it is in. */
export function momentAt(zone, at = Date.now()) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(at);
  const found = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { date: `${found.year}-${found.month}-${found.day}`, time: `${found.hour}:${found.minute}` };
}
