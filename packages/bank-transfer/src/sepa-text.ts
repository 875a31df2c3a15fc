/**
 * The characters that every bank in SEPA takes: Latin letters without marks, digits, and a few others.
 *
 * @see https://www.europeanpaymentscouncil.eu/document-library/guidance-documents/sepa-requirements-extended-character-set-unicode-subset-best (EPC217-08)
 * @module
 */

const ALLOWED = /^[A-Za-z0-9/\-?:().,'+ ]*$/;

// What the EPC writes for a letter; those not here are their letter without its marks.
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'TH',
  ı: 'i',
  ħ: 'h',
  Ħ: 'H',
  ŋ: 'n',
  Ŋ: 'N',
  '’': "'",
  '‘': "'",
  '–': '-',
  '&': '+',
};

/**
 * A text in the characters of SEPA: marks are left out (`Müller` is `Muller`), a few letters become two. `undefined` where
 * it has others, for instance Greek or Chinese ones: how a name is written in Latin letters, only its owner knows.
 */
export function sepaText(text: string): string | undefined {
  const latin = text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[^\x20-\x7e]|&/gu, (letter) => LETTERS[letter] ?? letter)
    .replace(/ +/g, ' ')
    .trim();
  // A slash at an end, or two of them, mean something to banks.
  return ALLOWED.test(latin) && !/^\/|\/$|\/\//.test(latin) ? latin : undefined;
}
