const TABLE = /* @__PURE__ */ (() => {
  const table = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xed_b8_83_20 : value >>> 1;
    table[byte] = value;
  }
  return table;
})();

/** CRC-32 (IEEE 802.3, reflected) of an ASCII text, from 0 to 2^32 - 1. */
export function crc32(ascii: string): number {
  let value = -1;
  for (let index = 0; index < ascii.length; index++) {
    value = (value >>> 8) ^ (TABLE[(value ^ ascii.charCodeAt(index)) & 0xff] as number);
  }
  return ~value >>> 0;
}
