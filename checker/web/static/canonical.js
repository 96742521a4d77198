/* The one byte form of a visit's body (RFC 8785) and its SHA-256: the twin of checker/standards/canonical.py. Both are
   proved by tests/cases/body.json. */

/* `value` as canonical JSON. Takes texts, integers, true, false, null, lists and objects; throws for anything else: decimals
   travel as text. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key])}`);
    return `{${entries}}`;
  }
  const plain = value === null || typeof value === "boolean" || Number.isSafeInteger(value)
    || (typeof value === "string" && !/[\ud800-\udfff]/u.test(value)); // with u, halves of pairs alone
  if (!plain) throw new TypeError(`no canonical form: ${value}`);
  return JSON.stringify(value);
}

/* SHA-256 of the canonical JSON of a whole body, 64 hexadecimal digits: what a receipt repeats. */
export async function manifestHash(body) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(body)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
