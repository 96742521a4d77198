/* The body of a visit as the server makes it of the same form (`VisitForm.body` in checker/web/form_for.py), and what keeps
   it from being sent, so that a shopper hears without network what the server would say. Both are proved by
   tests/cases/typed.json. */

import { contextOf, first, isCount, LARGEST_COUNT, momentOf, noted, read, tooLong } from "./reading.js";
import { asked } from "./when.js";

/* What a form asks: its questions (fieldsets with data-item) and the roles of those who may have served. */
export function partsOf(form) {
  const roles = [...form.querySelectorAll('select[name^="employees."]')].map(({ name }) => name.slice("employees.".length));
  return { questions: [...form.querySelectorAll("[data-item]")], roles };
}

/* The whole body. `typed`: input name -> values; `frame` names what no input asks (id, checklist, branch, …) and may overrule
   it; `zone` is the branch's. An answer to a hidden question travels along when it can be read. */
export function bodyOf(typed, { questions, roles }, frame, zone) {
  const body = {
    visited_at: momentOf(typed, "visited_at", zone, () => {}) ?? null,
    service_level: first(typed, "service_level") || null,
    context: contextOf(typed, false),
    employees: Object.fromEntries(roles.map((role) => [role, servedBy(typed, role)])),
    photos: noted(typed, "photos") ?? [],
    answers: {},
  };
  for (const name of ["events", "clock"]) {
    const said = noted(typed, name);
    if (said !== undefined) body[name] = said;
  }
  for (const { item, type, shown, given, answer } of readAll(typed, questions, zone)) {
    const said = answer ?? (shown ? given : undefined);
    if (type !== "photo" && said !== undefined) body.answers[item] = said;
  }
  return { ...body, ...frame };
}

/* Everything that keeps a completed visit from being sent: {code, place, text, details}, in the order of the page. `text`
   names a sentence of `fault_texts`, whose gaps `details` fill. */
export function faultsOf(typed, { questions, roles }, zone) {
  const faults = [];
  const refuse = (place, code, details = {}, text = code) => faults.push({ code, place, text, details });
  const long = (place, text) => { if (tooLong(text)) refuse(place, "body.too_long", tooLong(text)); };
  if (!momentOf(typed, "visited_at", zone, (code) => refuse("visited_at", code)) && !faults.length) refuse("visited_at", "body.missing");
  for (const role of roles) {
    const described = first(typed, `employees.${role}.described`);
    if (described && first(typed, `employees.${role}`)) refuse(`employees.${role}`, "form.employee_twice");
    long(`employees.${role}.described`, described);
  }
  for (const { item, type, shown, required, rule, given, faults: wrong } of readAll(typed, questions, zone)) {
    if (!shown) continue;
    for (const { code, text, details } of wrong) refuse(item, code, details, text);
    if (required && !given && !wrong.length) refuse(item, "answer.missing");
    if (type === "photo" && given?.value.length > rule.most) refuse(item, "body.too_many_photos", { most: rule.most });
  }
  for (const [key, value] of Object.entries(contextOf(typed, false))) {
    const place = `context.${key}`;
    if (key === "customers_waiting" || key === "announced_reply_minutes") {
      if (!isCount(value)) refuse(place, "body.count", { largest: LARGEST_COUNT });
    } else if (typeof value === "string") long(place, value);
  }
  for (const name of ["events", "clock", "photos"]) noted(typed, name, (code) => refuse(name, code));
  return faults;
}

/* Every question read, and whether it is asked, given what is answered before it. */
function readAll(typed, questions, zone) {
  const found = questions.map((question) => {
    const { item, type, rule = "{}", when = "{}" } = question.dataset;
    const required = "required" in question.dataset;
    return { item, id: item, type, required, rule: JSON.parse(rule), when: JSON.parse(when), ...read(question, typed, zone) };
  });
  const answers = Object.fromEntries(found.map(({ item, answer }) => [item, answer]));
  const shown = asked(found, answers, contextOf(typed));
  return found.map((one) => ({ ...one, shown: shown.has(one.item) }));
}

/* Who played a role: {code} or {described}, null when it is not known who it was. */
function servedBy(typed, role) {
  const [code, described] = [first(typed, `employees.${role}`), first(typed, `employees.${role}.described`)];
  if (described) return { described };
  return code ? { code } : null;
}
