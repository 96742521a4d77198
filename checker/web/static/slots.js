/* The shell's templates, filled: what is put into their slots is text, never markup. */

/* A copy of the template with this id. `slots`: name -> text, a node, or null to take the slot away. */
export function made(id, slots = {}) {
  const copy = document.getElementById(id).content.cloneNode(true);
  for (const [name, value] of Object.entries(slots)) put(copy, name, value);
  return copy;
}

export function slot(within, name) {
  return within.querySelector(`[data-slot="${name}"]`);
}

/* Fills one slot and shows it; null hides it. */
export function put(within, name, value) {
  const place = slot(within, name);
  place.hidden = value === null;
  if (value !== null) place.replaceChildren(...[value].flat());
}

/* What is done when a button or form of this name is used. */
export function on(within, name, act) {
  const control = within.querySelector(`[data-do="${name}"]`);
  const type = control.tagName === "FORM" ? "submit" : control.tagName === "SELECT" ? "change" : "click";
  control.addEventListener(type, (event) => {
    if (type === "submit") event.preventDefault();
    act(event);
  });
  return control;
}
