/* What stands in the form, read: every input as typed, and each question's answer in the shape it is sent. The twin of
   checker/web/questions.py and checker/standards/answers.py; both are proved by tests/cases/typed.json. */

import { exact } from "./when.js";

export const NA = "n/a";
const NONE = "none/";
const CONTROLS = new Set(["csrf_token", "sequence", "device", "instead", "do"]);
const COUNTS = ["customers_waiting", "announced_reply_minutes"];
const FLAGS = ["first_visit", "purchase_made", "busy"];
export const LONGEST_TEXT = 4_000;
export const LARGEST_COUNT = 100_000;
const DAY_S = 86_400;
const MOST_TAPS = 10; // counts up to here are a row of buttons

// Control characters but tab and line feed, halves of surrogate pairs, and the two code points no XML may hold.
const UNSEEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]/gu;
const ENDS = /^[^\S\ufeff]+|[^\S\ufeff]+$/g;

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

/* What one input holds, cleaned as the server cleans it; "" when nothing. */
export function first(kept, name) {
  return (kept[name]?.[0] ?? "").replace(/\r\n?/g, "\n").replace(UNSEEN, "").replace(ENDS, "");
}

/* The answer of one question (a fieldset with data-item, data-type and data-rule); undefined while it is open. */
export function answerOf(question, kept, zone = "UTC") {
  return read(question, kept, zone).answer;
}

/* One question read: `answer` in the shape it is sent, undefined when there is none or it cannot be read; `given`, what is
   sent in its place then; `faults`: {code, text, details}, `text` naming a sentence of `fault_texts`. */
export function read(question, kept, zone) {
  const { item, type, rule: held = "{}" } = question.dataset;
  const rule = JSON.parse(held);
  const wrong = []; // by the checklist's rules
  const own = []; // what inputs alone get wrong stands for the rest
  const refuse = (code, details = {}, text = code) => { wrong.push({ code, text, details }); };
  const mistake = (code) => { own.push({ code, text: code, details: {} }); };
  const given = givenBy(type, rule, kept, `answers.${item}`, zone, mistake);
  const note = first(kept, `answers.${item}.note`);
  if (note && given) given.note = note;
  else if (note) mistake("form.note_alone");
  if (!given) return { faults: own };
  const { na, never, value, estimated } = given;
  const plain = na || never ? undefined : valueOf(type, rule, value, refuse);
  if (na && value !== undefined) mistake("form.na_and_answer");
  if (na && (value !== undefined || !rule.na)) refuse("answer.na_forbidden");
  if (tooLong(note)) refuse("answer.too_long", tooLong(note));
  const faults = own.length ? own : wrong;
  if (wrong.length) return { given, faults };
  const said = plain === undefined ? given : { ...given, value: plain };
  const short = type === "yes_no_na" || type === "duration" ? never ? "never" : "na" : given;
  return { given, faults, answer: note || estimated ? said : plain ?? short };
}

/* The answer's keys without the note; undefined when nothing was answered. `mistake` notes what inputs alone get wrong. */
function givenBy(type, rule, kept, name, zone, mistake) {
  const word = first(kept, name);
  const na = first(kept, `${name}.na`) === NA && { na: true };
  let value;
  switch (type) {
    case "photo":
      value = photosOf(kept).filter(({ item }) => name === `answers.${item}`).map(({ sha256 }) => sha256);
      return value.length ? { value } : undefined;
    case "duration": {
      if (word === "never") return { never: true };
      if (word === NA) return { na: true };
      if (word && word !== "time") return { value: word };
      const seconds = first(kept, `${name}.seconds`);
      if (!seconds) return undefined;
      if (seconds === "never" || seconds === "na") return { [seconds]: true };
      return { value: secondsOf(seconds), ...(seconds !== first(kept, `${name}.tapped`) && { estimated: true }) };
    }
    case "multi": {
      const ticked = kept[name] ?? [];
      value = na ? ticked : ticked.filter((option) => option !== NONE);
      if (value.length && value.length < ticked.length) mistake("form.none_and_some");
      return ticked.length ? { ...na, value } : na || undefined;
    }
    case "datetime":
      value = momentOf(kept, name, zone, mistake);
      break;
    case "number":
    case "graded":
      value = decimalOf(word);
      break;
    case "text":
      value = word;
      break;
    default:
      if (word === NA && !(rule.max > MOST_TAPS)) return { na: true };
      value = type === "count" || type === "scale" ? wholeOf(word) : word;
  }
  const answered = value !== undefined && value !== "";
  return na || answered ? { ...na, ...(answered && { value }) } : undefined;
}

/* A value checked by its rule, in the shape it is sent; undefined after `refuse`. */
function valueOf(type, rule, value, refuse) {
  switch (type) {
    case "yes_no_na":
      return value === "yes" || value === "no" ? value : refuse("answer.yes_no");
    case "duration":
      return numberOf(value, 0, DAY_S, 3, refuse);
    case "graded":
      return numberOf(value, 0, rule.max, 4, refuse);
    case "number":
      return numberOf(value, rule.min, rule.max, 6, refuse);
    case "count":
    case "scale": {
      const [low, high] = type === "count" ? [0, rule.max] : [1, 5];
      if (Number.isInteger(value) && value >= low && value <= high) return value;
      return refuse("answer.out_of_range", { low, high }, "answer.out_of_range.whole");
    }
    case "choice":
    case "multi": {
      const options = rule.options.filter((option) => [value].flat().includes(option));
      if (options.length < [value].flat().length) return refuse("answer.option", { options: rule.options.join(", ") });
      return type === "choice" ? value : options;
    }
    case "text":
      return tooLong(value) ? refuse("answer.too_long", tooLong(value)) : value;
    default:
      return value;
  }
}

/* A decimal within its limits: whole numbers as integers, others as the shortest text. */
function numberOf(text, low, high, places, refuse) {
  const [, sign, whole, part = ""] = /^(-?)([0-9]{1,12})(?:\.([0-9]{1,6}))?$/.exec(text) ?? [];
  const digits = part.replace(/0+$/, "");
  if (!whole || digits.length > places) return refuse("answer.number", { places });
  const number = exact(text);
  if ((low !== undefined && number < exact(low)) || (high !== undefined && number > exact(high))) {
    const bounds = low === undefined ? ".high" : high === undefined ? ".low" : "";
    return refuse("answer.out_of_range", { low, high }, `answer.out_of_range${bounds}`);
  }
  return digits ? `${sign}${Number(whole)}.${digits}` : Number(sign + whole) + 0;
}

/* What is wrong with the length of a text; false when nothing is. */
export function tooLong(text) {
  const { length } = text.length > LONGEST_TEXT ? [...text] : text;
  return length > LONGEST_TEXT && { length, longest: LONGEST_TEXT };
}

/* What was said of the circumstances, as it is sent; `readable` leaves out what no condition can be held against. */
export function contextOf(kept, readable = true) {
  const context = {};
  for (const name of Object.keys(kept)) {
    const [part, key] = name.split(".");
    const word = part === "context" && first(kept, name);
    if (!word) continue;
    const value = COUNTS.includes(key) ? wholeOf(word) : word;
    if (readable && COUNTS.includes(key) && !isCount(value)) continue;
    context[key] = FLAGS.includes(key) ? { yes: true, no: false }[word] ?? word : value;
  }
  return context;
}

export function isCount(value) {
  return Number.isInteger(value) && value >= 0 && value <= LARGEST_COUNT;
}

/* What a script noted as JSON in a hidden input; undefined when nothing, or after `mistake` was told that it cannot be read. */
export function noted(kept, name, mistake = () => {}) {
  try {
    const said = JSON.parse(first(kept, name) || "null");
    return said && (typeof said !== "object" || Object.keys(said).length) ? said : undefined;
  } catch {
    mistake("form.json");
    return undefined;
  }
}

export function photosOf(kept) {
  const listed = noted(kept, "photos");
  return Array.isArray(listed) ? listed : [];
}

/* The photos that a form lists: [{item, sha256, …}]. */
export const photosIn = (form) => photosOf({ photos: [form.elements.photos.value] });

/* A day and a time of day at the branch as one moment with the offset there; undefined while it is not whole. */
export function momentOf(kept, name, zone, mistake) {
  const [day, time] = [first(kept, `${name}.date`), first(kept, `${name}.time`)];
  if (!day && !time) return undefined;
  if (!day || !time) return void mistake("form.half_moment");
  const whole = `${day}T${time}${time.length === 5 ? ":00" : ""}`;
  const local = /^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(whole) ? Date.parse(`${whole}Z`) : NaN;
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(whole)) return void mistake("form.moment");
  return whole + offsetAt(local, zone);
}

/* "+03:00" at a local time. Where clocks go forward or back, the time before that counts, as for the server. */
function offsetAt(local, zone) {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const at = (ms) => format.formatToParts(ms).find(({ type }) => type === "timeZoneName").value.slice(3) || "+00:00";
  const holds = (offset) => at(local + Date.parse(`1970-01-01T00:00${offset}`)) === offset;
  const [before, after] = [at(local - DAY_S * 1000), at(local + DAY_S * 1000)];
  return !holds(before) && holds(after) ? after : before;
}

function wholeOf(word) {
  return /^[+-]?[0-9]{1,12}$/.test(word) ? Number(word) + 0 : word;
}

/* A number as it travels: a decimal comma is a point, blanks between digits are nothing. */
function decimalOf(word) {
  const bare = word.replace(/[^\S\ufeff]/g, "");
  return /^[^,.]*,[^,.]*$/.test(bare) ? bare.replace(",", ".") : bare;
}

/* Seconds, also from a clock's minutes: "1:05" is 65. */
export function secondsOf(word) {
  const bare = decimalOf(word);
  const clock = /^([0-9]{1,3}):([0-5][0-9])((?:\.[0-9]+)?)$/.exec(bare);
  return clock ? `${Number(clock[1]) * 60 + Number(clock[2])}${clock[3]}` : bare;
}
