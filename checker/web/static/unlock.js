/* How a vault is made and opened: by password or PIN, both bound to this device. Loaded when somebody signs in. */

import { base64, bytesOf, hex, unbase64 } from "./bytes.js";
import { act, read } from "./database.js";
import { seal } from "./seal.js";
import { current, dataKey, decrypt, device, encrypt, enter } from "./vault.js";

const ROUNDS = 600_000;
const MOST_PINS = 5;

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

async function find({ email, owner }) {
  if (owner) return read("vaults", owner);
  const name = await nameOf(email);
  return (await act("vaults", "readonly", (tx) => tx.store.getAll())).find((vault) => vault.name === name);
}

/* Whether somebody has a vault here, and a PIN: {owner, pin} or null. */
export async function known(who) {
  const vault = await find(who);
  return vault ? { owner: vault.owner, pin: Boolean(vault.pin) } : null;
}

/* A vault for somebody who has just signed in; opens it. `person`: as the server names them to its own seal. */
export async function create({ email, password, person, serverKey, minutes, language }) {
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
  await act("vaults", "readwrite", (tx) => tx.store.put(vault));
  return enter(owner, raw, { minutes, language });
}

/* Says "open", "unknown", "wrong" or "no_pin". After five wrong PINs there is none: then only the password opens. */
export async function open({ email, owner, password, pin, minutes, language }) {
  const vault = await find({ email, owner });
  if (!vault) return "unknown";
  const byPin = pin !== undefined;
  if (byPin) {
    vault.tries += 1; // counted before it is tried, so that closing the tab does not help
    if (vault.tries > MOST_PINS) vault.pin = null;
    await act("vaults", "readwrite", (tx) => tx.store.put(vault));
    if (!vault.pin) return "no_pin";
  }
  const raw = await unwrapped(byPin ? vault.pin : vault.password, byPin ? pin : password, vault);
  if (!raw) return "wrong";
  if (vault.tries) await act("vaults", "readwrite", (tx) => tx.store.put({ ...vault, tries: 0 }));
  await enter(vault.owner, raw, { minutes, language });
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

/* After a changed password: `fetchKey(escrow)` asks the server for the vault's key. The PIN goes, as whoever knew the old
   password may have set it. Says "open", "unknown" or "wrong"; only "open" has changed anything. */
export async function recover({ email, password, minutes, language, fetchKey }) {
  const vault = await find({ email });
  if (!vault) return "unknown";
  const raw = unbase64(await fetchKey(base64(vault.escrow)));
  const right = await dataKey(raw).then((key) => decrypt(key, vault.check, vault.owner)).catch(() => null);
  if (!right) return "wrong";
  const renewed = { ...vault, pin: null, tries: 0, password: await wrapped(raw, password, vault.salt, vault.owner) };
  await act("vaults", "readwrite", (tx) => tx.store.put(renewed));
  await enter(vault.owner, raw, { minutes, language });
  return "open";
}

