/* What stands in the form, read: every input as typed, and each question's answer in the shape it is sent. */

export const NA = "n/a";
const NONE = "none/";
const CONTROLS = new Set(["csrf_token", "sequence", "device", "instead", "do"]);

/* Input name -> values, without empty ones: what a draft keeps. */
export function typed(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (value !== "" && !CONTROLS.has(name)) (found[name] ??= []).push(value);
  }
  return found;
}

/* Puts what was typed back into the inputs. */
export function retype(form, kept) {
  for (const input of form.elements) {
    if (!input.name || CONTROLS.has(input.name) || input.type === "submit") continue;
    const values = kept[input.name] ?? [];
    if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
    else input.value = values[0] ?? "";
  }
}

/* The answer of one question (a fieldset with data-item and data-type); undefined while it is open. */
export function answerOf(question, kept) {
  const name = `answers.${question.dataset.item}`;
  const [word] = kept[name] ?? [];
  switch (question.dataset.type) {
    case "duration":
      if (word === "never") return "never";
      if (word === NA) return { na: true };
      return seconds(kept[`${name}.seconds`]?.[0]);
    case "multi":
      if (kept[`${name}.na`]) return { na: true };
      return kept[name]?.filter((option) => option !== NONE);
    case "datetime":
      if (kept[`${name}.na`]) return { na: true };
      return kept[`${name}.date`] && kept[`${name}.time`] ? `${kept[`${name}.date`]}T${kept[`${name}.time`]}` : undefined;
    case "graded":
    case "number":
    case "count":
    case "scale":
      if (word === NA || kept[`${name}.na`]) return { na: true };
      return decimal(word);
    default:
      if (word === NA || kept[`${name}.na`]) return { na: true };
      return word?.trim() || undefined;
  }
}

/* What was said of the circumstances, by the keys that conditions use. */
export function contextOf(kept) {
  const context = {};
  for (const [name, [value]] of Object.entries(kept)) {
    if (!name.startsWith("context.")) continue;
    const key = name.slice("context.".length);
    if (key === "customers_waiting" || key === "announced_reply_minutes") {
      if (/^[0-9]+$/.test(value.trim())) context[key] = Number(value);
    } else if (["first_visit", "purchase_made", "busy"].includes(key)) context[key] = value === "yes";
    else context[key] = value.trim();
  }
  return context;
}

/* A number as it travels, a decimal comma being a point; undefined where there is none. */
function decimal(word) {
  let bare = (word ?? "").replace(/\s/g, "");
  if (!bare.includes(".")) bare = bare.replace(",", ".");
  return /^-?[0-9]+(\.[0-9]+)?$/.test(bare) ? bare : undefined;
}

/* Seconds, also from a clock's minutes: "1:05" is 65. */
function seconds(word) {
  const clock = /^([0-9]{1,3}):([0-5][0-9])(\.[0-9]+)?$/.exec((word ?? "").trim());
  return clock ? `${Number(clock[1]) * 60 + Number(clock[2])}${clock[3] ?? ""}` : decimal(word);
}
