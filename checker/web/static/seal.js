/* Closes bytes to the server's public key: what is sealed can lie on a shared tablet, and only the server opens it.
   The twin of checker/sealing.py; tests/cases/seal.json holds for both. */

import { bytesOf, hex, join, unbase64, unhex } from "./bytes.js";

const MAGIC = new TextEncoder().encode("CHK1");

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
