/* Photos: taken or chosen, made small, faces blurred, and only then kept.

   What a camera hands over is drawn anew, so nothing of what it knows (place, time, its number) goes along. */

import { iso, now } from "./clock.js";
import { button, fill } from "./said.js";

const LONGEST = 1600; // pixels
const HEAVIEST = 700_000; // bytes
const SMALL = 240;
const QUALITIES = [0.8, 0.7, 0.6, 0.5, 0.4];
const COARSE = 32; // squares along the longest side of what is blurred
const BRUSH = 1 / 20; // of the longest side
const CELL = 56; // at least so many pixels on the screen
const PLACE_MS = 10_000;

const same = (one, other) => one.item === other.item && one.sha256 === other.sha256;

/* Makes the photo questions of `form` work; the input `photos` says what was taken. `photos` keeps the bytes:
   add(item, bytes, thumb) → sha256, remove(sha256), thumb(sha256) → ArrayBuffer or null. Returns refresh(), which shows how
   it stands after others changed the input, and settle(), which makes removals final. */
export function mountPhotos(form, { words, changed, photos, zone = form.dataset.zone }) {
  const field = form.elements.photos;
  const questions = [...form.querySelectorAll('[data-type="photo"]')];
  const editor = form.querySelector("[data-editor]");
  let removed = []; // their bytes stay until nobody can want them back
  let taking = Promise.resolve(); // one after the other: there is one editor

  function listed() {
    try {
      return JSON.parse(field.value || "[]");
    } catch {
      return [];
    }
  }

  const of = (question, list = listed()) => list.filter(({ item }) => item === question.dataset.item);

  function put(list) {
    field.value = list.length ? JSON.stringify(list) : "";
    changed();
    return refresh();
  }

  /* --- taking one --- */

  async function take(question, control, files) {
    const { most, keep } = question.dataset;
    say(question, "");
    for (const file of files) {
      if (of(question).length >= most) return say(question, words.photo_enough);
      const asks = (what) => keep.split(" ").includes(what);
      const place = asks("place") && control.dataset.take === "camera" ? whereabouts() : null;
      const canvas = await shrunk(file).catch(() => null);
      if (!canvas) {
        say(question, words.photo_unreadable);
        continue;
      }
      const answer = await edit(editor, canvas, words);
      if (answer === "again") control.click();
      if (answer !== "use") continue;
      const entry = { item: question.dataset.item };
      if (asks("time")) entry.taken_at = iso(Math.min(file.lastModified || now(), now()), zone);
      try {
        const thumb = await jpeg(drawn(canvas, ...fitted(canvas, SMALL)), HEAVIEST);
        entry.sha256 = await photos.add(entry.item, await jpeg(canvas, HEAVIEST), thumb);
      } catch {
        say(question, words.photo_lost);
        continue;
      }
      const where = await place;
      if (where) entry.place = where;
      if (!of(question).some(({ sha256 }) => sha256 === entry.sha256)) await put([...listed(), entry]);
    }
  }

  /* --- taking one away --- */

  function remove(question, gone) {
    const before = listed();
    settle();
    removed = gone;
    put(before.filter((entry) => !gone.some((other) => same(entry, other))));
    say(question, words.photo_removed, button(words.undo, () => {
      removed = [];
      say(question, "");
      const since = listed().filter((entry) => !before.some((other) => same(entry, other)));
      put([...before, ...since]);
      question.querySelector("[data-take]").focus();
    }));
    question.querySelector("[data-said] button").focus();
  }

  function settle() {
    const kept = listed();
    for (const { sha256 } of removed) if (!kept.some((entry) => entry.sha256 === sha256)) photos.remove(sha256);
    removed = [];
    for (const question of questions) say(question, "");
  }

  function say(question, text, ...more) {
    const place = question.querySelector("[data-said]");
    place.hidden = !text;
    place.replaceChildren(text, " ", ...more);
  }

  /* --- how it stands --- */

  async function refresh() {
    for (const question of questions) {
      const mine = of(question);
      const title = question.querySelector("legend").textContent.trim();
      const alt = (n) => fill(words.photo_alt, { n, item: title });
      const shown = await thumbnails(mine, photos, alt, words.photo_elsewhere);
      [...shown.children].forEach((item, n) => {
        const away = button(words.remove, () => remove(question, [mine[n]]));
        away.setAttribute("aria-label", `${words.remove}: ${alt(n + 1)}`);
        item.append(away);
      });
      question.querySelector("[data-photos]").replaceChildren(...shown.children);
      for (const control of question.querySelectorAll("[data-take]")) control.disabled = mine.length >= question.dataset.most;
    }
  }

  for (const question of questions) {
    question.addEventListener("change", ({ target }) => {
      if (!target.dataset.take || !target.files.length) return;
      const files = [...target.files];
      target.value = "";
      taking = taking.catch(() => {}).then(() => take(question, target, files));
    });
    question.querySelector("[data-none]").addEventListener("click", () => remove(question, of(question)));
  }
  refresh();
  return { refresh, settle };
}

/* A list of small pictures. `alt(n)` says what the n-th is, `elsewhere` stands where this device does not have it. */
export async function thumbnails(list, photos, alt, elsewhere) {
  const shown = document.createElement("ul");
  shown.className = "photos";
  for (const [n, { sha256 }] of list.entries()) {
    const item = document.createElement("li");
    const bytes = await photos.thumb(sha256);
    if (bytes) {
      const image = Object.assign(new Image(), { alt: alt(n + 1), src: URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })) });
      image.onload = () => URL.revokeObjectURL(image.src);
      item.append(image);
    } else item.append(Object.assign(document.createElement("p"), { textContent: `${alt(n + 1)}. ${elsewhere}` }));
    shown.append(item);
  }
  return shown;
}

function whereabouts() {
  const options = { timeout: PLACE_MS, maximumAge: 60_000, enableHighAccuracy: true };
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    return navigator.geolocation.getCurrentPosition(({ coords }) => resolve({
      lat: coords.latitude.toFixed(4), lon: coords.longitude.toFixed(4), accuracy_m: Math.round(coords.accuracy),
    }), () => resolve(null), options);
  });
}

/* --- pixels --- */

/* Width and height of something once its longest side is `most` at most. */
function fitted({ width, height }, most) {
  const share = Math.min(1, most / Math.max(width, height));
  return [Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share))];
}

function drawn(source, width, height, smooth = true) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  Object.assign(context, { imageSmoothingEnabled: smooth, imageSmoothingQuality: "high", fillStyle: "#fff" });
  context.fillRect(0, 0, width, height); // a JPEG has no clear parts
  context.drawImage(source, 0, 0, width, height);
  return canvas;
}

/* The picture of a file, upright and small, on a canvas. It is made small while it is decoded, because a canvas of a whole
   photo is more than some tablets can hold; where that is not possible the image itself is drawn. */
async function shrunk(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => { Object.assign(image, { onload: resolve, onerror: reject }); });
    const [width, height] = fitted({ width: image.naturalWidth, height: image.naturalHeight }, LONGEST);
    const options = { resizeWidth: width, resizeHeight: height, resizeQuality: "high", imageOrientation: "from-image" };
    const bitmap = await createImageBitmap(file, options).catch(() => null);
    const canvas = drawn(bitmap?.width === width && bitmap.height === height ? bitmap : image, width, height);
    bitmap?.close();
    return canvas;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/* The bytes of a JPEG of at most `most`: first with less quality, then with fewer pixels. */
async function jpeg(canvas, most) {
  for (const quality of QUALITIES) {
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", quality); });
    if (blob.size <= most) return blob.arrayBuffer();
  }
  return jpeg(drawn(canvas, ...fitted(canvas, Math.max(canvas.width, canvas.height) * 0.8)), most);
}

/* --- the brush --- */

/* Shows the picture on `canvas` and lets it be painted over; what is on `canvas` in the end stays.
   Resolves to "use", "again" or "drop". */
function edit(editor, canvas, words) {
  const view = editor.querySelector("canvas");
  const cells = editor.querySelector(".cells");
  const bySquares = editor.querySelector("[data-squares]");
  const sharpen = editor.querySelector("[data-sharpen]");
  const { width, height } = Object.assign(view, { width: canvas.width, height: canvas.height });
  const context = view.getContext("2d");
  const coarse = drawn(drawn(canvas, ...fitted(canvas, COARSE)), width, height, false);
  const ending = new AbortController();
  const on = (target, name, act) => target.addEventListener(name, act, { signal: ending.signal });
  const paths = new Map(); // the square's place -> its path, so that it is known again when squares are made anew
  let marks = []; // each a path of what is blurred
  let stroke = null;

  function blur(path) {
    context.save();
    context.clip(path);
    context.drawImage(coarse, 0, 0);
    context.restore();
  }

  function redraw() {
    context.drawImage(canvas, 0, 0);
    for (const path of marks) blur(path);
    sharpen.disabled = !marks.length;
  }

  function dab({ clientX, clientY }) {
    const box = view.getBoundingClientRect();
    const disc = new Path2D();
    const at = [(clientX - box.left) * (width / box.width), (clientY - box.top) * (height / box.height)];
    disc.arc(...at, Math.max(width, height) * BRUSH, 0, 2 * Math.PI);
    stroke.addPath(disc);
    blur(disc);
  }

  on(view, "pointerdown", (event) => {
    view.setPointerCapture(event.pointerId);
    marks.push(stroke = new Path2D());
    dab(event);
    sharpen.disabled = false;
  });
  on(view, "pointermove", (event) => {
    if (stroke) for (const one of event.getCoalescedEvents?.() ?? [event]) dab(one);
  });
  for (const name of ["pointerup", "pointercancel"]) on(view, name, () => { stroke = null; });

  /* The same by keyboard: squares that are blurred or not, as many as can be hit on the screen as it is. What was blurred by
     squares of another size stays blurred. */
  function squares() {
    const box = view.getBoundingClientRect();
    const [columns, rows] = [box.width, box.height].map((side) => Math.min(8, Math.max(1, Math.floor(side / CELL))));
    cells.style.setProperty("--columns", columns);
    cells.replaceChildren(...Array.from({ length: columns * rows }, (_none, n) => {
      const [row, column] = [Math.floor(n / columns), n % columns];
      const cell = button("");
      const rectangle = [(column * width) / columns, (row * height) / rows, width / columns, height / rows];
      const path = paths.get(`${rectangle}`) ?? new Path2D();
      if (!paths.has(`${rectangle}`)) path.rect(...rectangle);
      paths.set(`${rectangle}`, path);
      cell.className = "";
      cell.tabIndex = n ? -1 : 0;
      cell.setAttribute("aria-label", fill(words.square, { row: row + 1, column: column + 1 }));
      cell.onclick = () => {
        const there = marks.includes(path);
        marks = there ? marks.filter((mark) => mark !== path) : [...marks, path];
        redraw();
        mark();
      };
      cell.onkeydown = (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
        if (!step) return;
        event.preventDefault();
        const next = cells.children[n + step] ?? cell;
        [cell.tabIndex, next.tabIndex] = [-1, 0];
        next.focus();
      };
      return Object.assign(cell, { path, middle: [(column + 0.5) / columns, (row + 0.5) / rows] });
    }));
    mark();
  }

  /* The tablet was turned: other squares, and the focus where it was on the picture. */
  function turned() {
    if (cells.hidden) return;
    const { middle } = cells.contains(document.activeElement) ? document.activeElement : {};
    squares();
    if (!middle) return;
    const far = (cell) => Math.hypot(...cell.middle.map((at, n) => at - middle[n]));
    const nearest = [...cells.children].reduce((one, other) => (far(other) < far(one) ? other : one));
    [cells.firstChild.tabIndex, nearest.tabIndex] = [-1, 0];
    nearest.focus();
  }

  function mark() {
    for (const cell of cells.children) cell.setAttribute("aria-pressed", marks.includes(cell.path));
  }

  function show(squared) {
    cells.hidden = !squared;
    bySquares.setAttribute("aria-pressed", squared);
    editor.querySelectorAll("[data-how]").forEach((how, n) => { how.hidden = squared !== (n === 1); });
    if (squared) squares();
    cells.firstChild?.focus();
  }

  on(window, "resize", turned);
  on(bySquares, "click", () => show(cells.hidden));
  on(sharpen, "click", () => {
    marks.pop();
    redraw();
    mark();
    if (sharpen.disabled) bySquares.focus();
  });

  return new Promise((resolve) => {
    for (const end of editor.querySelectorAll("[value]")) on(end, "click", () => editor.close(end.value));
    on(editor, "close", () => {
      ending.abort();
      if (editor.returnValue === "use") canvas.getContext("2d").drawImage(view, 0, 0);
      resolve(editor.returnValue);
    });
    redraw();
    editor.returnValue = "drop";
    editor.showModal();
    show(false);
  });
}
