/* Small things that pages say and show: sentences with gaps, links and buttons, the moment at a branch. */

/* "%(n)s left" with its gaps filled. */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
}

/* The sentence for a number, where a language has several: {one: "…", other: "…"} by the rules of plurals of `language`. */
export function fillFor(n, forms, language) {
  return fill(forms[new Intl.PluralRules(language).select(n)] ?? forms.other, { n, num: n });
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
