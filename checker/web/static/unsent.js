/* The file that carries what is unsent off a device which will not get a network again. */

import { base64 } from "./bytes.js";
import { read } from "./database.js";
import { all, keys } from "./queue.js";
import { seal, signed } from "./seal.js";
import { device, get, list, peek } from "./vault.js";

async function sealDraft(key, upload, draft) {
  return seal(key, `draft ${draft.id}`, JSON.stringify({ upload: await signed(upload, draft.id), draft }));
}

/* One file with all that is unsent, sealed, for an administrator to read in; drafts and photos of the open vault too. */
export async function exportUnsent() {
  const [{ born }, vault, { key }] = [await device(), await peek(), await read("meta", "server")];
  const { upload } = (vault && (await get("day", "day"))) ?? {};
  const readable = async (kind) => (await list(kind)).filter(({ value }) => value); // what is damaged holds up nothing else
  const drafts = upload ? await readable("draft") : [];
  const parts = [`{"format":"checker-unsent/1","device":${JSON.stringify(upload?.device ?? born)},"made_at":"${new Date().toISOString()}"`];
  const section = (name, entries) => parts.push(`,"${name}":[${entries.join(",")}]`);
  const entry = (about, sealed) => JSON.stringify({ ...about, sealed: base64(sealed) });
  section("visits", (await all("queue")).map(({ visit, hash, sealed }) => entry({ id: visit, hash }, sealed)));
  const photos = [];
  for (const at of await keys("photos")) {
    const { visit, sha256, sealed } = await read("photos", at);
    photos.push(entry({ visit, sha256 }, sealed));
  }
  const there = new Set((await keys("photos")).map((at) => at.join(" ")));
  for (const { id, value } of vault ? await readable("photo") : []) {
    if (there.has(id)) continue; // sealed already
    const [visit, sha256] = id.split(" ");
    photos.push(entry({ visit, sha256 }, await seal(key, `photo ${id}`, value)));
  }
  section("photos", photos);
  section("drafts", await Promise.all(drafts.map(async ({ id, value: { begin, typed } }) =>
    entry({ id }, await sealDraft(key, upload, { id, begin, typed })))));
  return new Blob([...parts, "}"], { type: "application/json" });
}
