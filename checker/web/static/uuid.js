/* A visit's id, made where the visit begins: a UUID of version 7, so that ids sort by the day they were made. Its time
   is the day's beginning: the branch reads the id in the visit's address, and is not told the hour. */

const DAY = 24 * 60 * 60 * 1000;

export function visitId(now = Date.now()) {
  const day = now - (now % DAY);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let n = 0; n < 6; n += 1) bytes[n] = Math.floor(day / 2 ** (8 * (5 - n))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
