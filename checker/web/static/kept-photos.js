/* The photos of one visit while it is filled: each picture and its small likeness is a box of the vault. */

import { sha256 } from "./bytes.js";
import * as vault from "./vault.js";

/* What photos.js needs: add(item, picture, small) gives the hash, remove(hash), thumb(hash) the small likeness or null. And
   tidy(listed): what a killed tab left without naming it goes. */
export function photosOf(visit) {
  const name = (hash) => `${visit} ${hash}`;
  return {
    async tidy(listed) {
      const { owner } = await vault.current();
      const keys = await vault.act("boxes", "readonly", (tx) => tx.store.getAllKeys(IDBKeyRange.bound([owner, "photo", visit], [owner, "photo", `${visit}~`])));
      for (const [, , id] of keys) if (!listed.includes(id.split(" ")[1])) await this.remove(id.split(" ")[1]);
    },
    async add(item, picture, small) {
      const hash = await sha256(picture);
      await vault.put("photo", name(hash), new Uint8Array(picture));
      await vault.put("thumb", name(hash), new Uint8Array(small));
      return hash;
    },
    async remove(hash) {
      await vault.remove("photo", name(hash));
      await vault.remove("thumb", name(hash));
    },
    thumb: async (hash) => (await vault.get("thumb", name(hash))) ?? null,
  };
}
