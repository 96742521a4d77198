/* Which questions are asked (`when`): the twin of checker/standards/when.py. The server decides in the end; this one hides
   and shows while the shopper types. Both are proved by tests/cases/when.json. */

const PLACES = 6;
const NUMBER = /^-?[0-9]{1,15}(\.[0-9]{1,6})?$/;
const COMPARED = new Set(["duration", "count", "scale", "graded", "number"]);

/* `items`: {id, type, when} in the order they are asked, `when` as in a checklist file; `answers`: id -> the answer in the
   shape it is sent; `context`: key -> value. Returns the set of ids that are asked. */
export function asked(items, answers, context) {
  const types = new Map(items.map((item) => [item.id, item.type]));
  const shown = new Set();
  for (const item of items) {
    const holds = ([subject, test]) => matches(test, said(subject, types, shown, answers, context));
    if (Object.entries(item.when ?? {}).every(holds)) shown.add(item.id);
  }
  return shown;
}

/* What a condition's subject says: a number (in millionths, exact), or words of which one must be named. */
function said(subject, types, shown, answers, context) {
  if (subject.startsWith("context.")) return ofContext(context[subject.slice("context.".length)]);
  return shown.has(subject) ? ofAnswer(types.get(subject), answers[subject]) : [];
}

function ofContext(value) {
  if (typeof value === "boolean") return [value ? "yes" : "no"];
  if (typeof value === "number") return exact(value);
  return typeof value === "string" ? [value] : [];
}

function ofAnswer(type, answer) {
  if (answer === undefined || answer === null || answer === "") return [];
  if (typeof answer === "object" && !Array.isArray(answer)) {
    if (answer.na) return ["na"];
    return answer.never ? ["never"] : ofAnswer(type, answer.value);
  }
  if (Array.isArray(answer)) return answer;
  if (!COMPARED.has(type)) return [answer];
  if (type === "duration" && (answer === "na" || answer === "never")) return [answer];
  const number = exact(answer);
  if (number === null) return [];
  return type === "duration" ? number - (number % exact(1)) : number; // whole seconds are scored, so they are compared
}

function matches(test, found) {
  const bounds = typeof test === "object" && !Array.isArray(test);
  if (typeof found !== "bigint") {
    const words = bounds ? [] : [test].flat().map(String);
    return found.some((word) => words.includes(word));
  }
  if (!bounds) return [test].flat().some((value) => exact(value) === found);
  return (test.min === undefined || found >= exact(test.min)) && (test.max === undefined || found <= exact(test.max));
}

/* A plain decimal as a whole number of millionths, null for anything else: 0.1 + 0.2 has no place here. */
export function exact(value) {
  const text = String(value);
  if (!NUMBER.test(text)) return null;
  const [whole, part = ""] = text.split(".");
  return BigInt(whole + part.padEnd(PLACES, "0"));
}
