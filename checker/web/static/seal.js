/* Closes bytes to the server's public key: what is sealed can lie on a shared tablet, and only the server opens it.
   The twin of checker/sealing.py; tests/cases/seal.json holds for both. */

const MAGIC = new TextEncoder().encode("CHK1");

export const bytesOf = (text) => new TextEncoder().encode(text);

export function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function base64(bytes) {
  let text = "";
  const all = new Uint8Array(bytes);
  // in pieces, because each byte becomes an argument of a call
  for (let at = 0; at < all.length; at += 8192) text += String.fromCharCode(...all.subarray(at, at + 8192));
  return btoa(text);
}

export function unbase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

export function join(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return all;
}

/* `key`: the server's {id, spki}; `about` goes unsealed with neither: it is what the bytes must be opened as. */
export async function seal(key, about, plain) {
  const spki = unbase64(key.spki);
  const lock = await crypto.subtle.importKey("spki", spki, { name: "RSA-OAEP", hash: "SHA-256" }, false, ["encrypt"]);
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const aes = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = typeof plain === "string" ? bytesOf(plain) : plain;
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytesOf(about) }, aes, bytes);
  const locked = await crypto.subtle.encrypt({ name: "RSA-OAEP" }, lock, secret);
  return join(MAGIC, unhex(key.id), locked, iv, box);
}

/* Who sends this one visit: `upload` is {device, person, key}, of which the visit takes along a token and not the key. */
export async function signed(upload, visit) {
  const way = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", unbase64(upload.key), way, false, ["sign"]);
  const token = hex(await crypto.subtle.sign("HMAC", key, bytesOf(visit)));
  return { device: upload.device, person: upload.person, token };
}

export async function sealVisit(key, upload, visit, body) {
  return seal(key, `visit ${visit}`, JSON.stringify({ upload: await signed(upload, visit), body }));
}
