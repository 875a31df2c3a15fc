// FIPS 180-4 examples; the last ones around the length of a block.
export const DIGESTED_TEXTS = [
  '',
  'abc',
  'é😀',
  '\u0000',
  '\ud800',
  'a'.repeat(55),
  'a'.repeat(56),
  'a'.repeat(64),
  'x'.repeat(10_000),
];
