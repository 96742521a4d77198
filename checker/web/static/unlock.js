/* How a vault is made and opened: by password or PIN, both bound to this device. Loaded when somebody signs in. */

import { base64, bytesOf, hex, unbase64 } from "./bytes.js";
import { act, read } from "./database.js";
import { seal } from "./seal.js";
import { boxed, current, dataKey, decrypt, device, encrypt, enter, get } from "./vault.js";

const ROUNDS = 600_000;
const MOST_PINS = 5;
const UNTIL_SAID = 12 * 60; // minutes that it stays open, until its day says how long it may lie idle

async function wrapping(secret, salt, uses) {
  const typed = await crypto.subtle.importKey("raw", bytesOf(secret.normalize("NFC")), "PBKDF2", false, ["deriveBits"]);
  const slow = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, typed, 256);
  const bound = await crypto.subtle.sign("HMAC", (await device()).key, slow);
  return crypto.subtle.importKey("raw", bound, "AES-GCM", false, uses);
}

const wrapped = async (raw, secret, salt, owner) => encrypt(await wrapping(secret, salt, ["encrypt"]), raw, owner);

async function unwrapped(box, secret, { salt, owner }) {
  const key = await wrapping(secret, salt, ["decrypt"]);
  return decrypt(key, box, owner).catch(() => null);
}

async function nameOf(email) {
  return hex(await crypto.subtle.sign("HMAC", (await device()).key, bytesOf(email.trim().toLowerCase())));
}

const all = () => act("vaults", "readonly", (tx) => tx.store.getAll());

async function find({ email, owner }) {
  if (owner) return read("vaults", owner);
  const name = await nameOf(email);
  return (await all()).find((vault) => vault.name === name);
}

/* Whether somebody has a vault here, and a PIN: {owner, pin} or null. */
export async function known(who) {
  const vault = await find(who);
  return vault ? { owner: vault.owner, pin: Boolean(vault.pin) } : null;
}

/* All others that stand under a vault's name, without it: an address is one person's. */
const unnamed = (vaults, { owner, name }) =>
  vaults.filter((other) => other.name === name && other.owner !== owner).map((other) => ({ ...other, name: null }));

/* A vault for somebody who has just signed in, with their day in it; opens it. `person`: as the server names them to its own
   seal. Whoever had their address before keeps what is theirs, and gets it back by `recover`. */
export async function create({ email, password, person, serverKey, minutes, language, day }) {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const owner = crypto.randomUUID();
  const vault = {
    owner,
    name: await nameOf(email),
    salt,
    password: await wrapped(raw, password, salt, owner),
    pin: null,
    tries: 0,
    check: await encrypt(await dataKey(raw), salt, owner), // proves a key that the server gives back
    escrow: await seal(serverKey, "vault key", JSON.stringify({ person, key: base64(raw) })),
  };
  const vaults = [vault, ...unnamed(await all(), vault)];
  const box = await boxed({ owner, key: await dataKey(raw) }, "day", "day", day); // no page can do without it
  await act(["vaults", "boxes"], "readwrite", async (tx) => {
    for (const one of vaults) await tx.objectStore("vaults").put(one);
    await tx.objectStore("boxes").put(box);
  });
  return enter(owner, raw, { minutes, language });
}

/* Without `minutes` it stays open for those of its day. Says "open", "unknown", "wrong" or "no_pin". After five wrong PINs there is none: then only the password opens. */
export async function open({ email, owner, password, pin, minutes, language }) {
  const vault = await find({ email, owner });
  if (!vault) return "unknown";
  const byPin = pin !== undefined;
  if (byPin) {
    // counted before it is tried, so that neither closing the tab nor trying in several helps
    await act("vaults", "readwrite", async (tx) => {
      Object.assign(vault, await tx.store.get(vault.owner));
      vault.tries += 1;
      if (vault.tries > MOST_PINS) vault.pin = null;
      await tx.store.put(vault);
    });
    if (!vault.pin) return "no_pin";
  }
  const raw = await unwrapped(byPin ? vault.pin : vault.password, byPin ? pin : password, vault);
  if (!raw) return "wrong";
  if (vault.tries) await act("vaults", "readwrite", (tx) => tx.store.put({ ...vault, tries: 0 }));
  await enter(vault.owner, raw, { minutes: minutes ?? UNTIL_SAID, language });
  const said = !minutes && (await get("day", "day").catch(() => null))?.idle_minutes;
  if (said) await enter(vault.owner, raw, { minutes: said, language });
  return "open";
}

/* A PIN for the open vault, or none (`pin` null). Says whether the password was right. */
export async function setPin(password, pin) {
  const vault = await read("vaults", (await current())?.owner ?? "");
  const raw = vault && (await unwrapped(vault.password, password, vault));
  if (!raw) return false;
  vault.pin = pin === null ? null : await wrapped(raw, pin, vault.salt, vault.owner);
  await act("vaults", "readwrite", (tx) => tx.store.put({ ...vault, tries: 0 }));
  return true;
}

/* After a changed password or address: `fetchKey(escrow, named)` asks the server for the key of a vault, which it gives to its
   owner alone; null when it is somebody else's. `named`: whether it stands under this address. The PIN goes, as whoever knew
   the old password may have set it. Says "open", "unknown" or "wrong"; only "open" has changed anything. */
export async function recover({ email, password, minutes, language, fetchKey }) {
  const name = await nameOf(email);
  const vaults = (await all()).sort((one, other) => (other.name === name) - (one.name === name));
  for (const vault of vaults) {
    const key = await fetchKey(base64(vault.escrow), vault.name === name);
    const raw = key && unbase64(key);
    if (!raw || !(await dataKey(raw).then((opens) => decrypt(opens, vault.check, vault.owner)).catch(() => null))) continue;
    const renewed = { ...vault, name, pin: null, tries: 0, password: await wrapped(raw, password, vault.salt, vault.owner) };
    await act("vaults", "readwrite", (tx) => Promise.all([renewed, ...unnamed(vaults, renewed)].map((one) => tx.store.put(one))));
    await enter(vault.owner, raw, { minutes, language });
    return "open";
  }
  return vaults[0]?.name === name ? "wrong" : "unknown";
}
