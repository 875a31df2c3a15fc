declare const brand: unique symbol;

/** Names one side of a business: `biz_1` is the live side, `biz_1_test` the test side of the same business. */
export type BusinessId = string & { readonly [brand]: 'BusinessId' };

/** `live` moves money; `test` is a namespace of its own, apart in ledger, users and hashes. */
export type Mode = 'live' | 'test';

const TEST_SUFFIX = '_test';

// Starts with a letter or digit; blanks inside are allowed, since teams bring the ids that they already have.
const BUSINESS_ID = /^[A-Za-z0-9](?:[A-Za-z0-9_.: -]{0,98}[A-Za-z0-9])?$/;

/**
 * Checks the id of a business and gives it its type.
 *
 * @param text 1 to 100 characters of `A-Z a-z 0-9 _ . : -` and blank, first and last a letter or digit.
 * @throws {TypeError} where the text has another form.
 */
export function businessId(text: string): BusinessId {
  if (typeof text !== 'string' || !BUSINESS_ID.test(text)) {
    throw new TypeError(
      'businessId must be 1 to 100 characters of A-Z, a-z, 0-9, "_", ".", ":", "-" and blank, with a letter or digit at both ends',
    );
  }
  return text as BusinessId;
}

/** The side of a business that an id names. */
export function modeOf(id: string): Mode {
  return id.endsWith(TEST_SUFFIX) ? 'test' : 'live';
}

/**
 * The id of one side of a business: `sideOf('biz_1', 'test')` is `biz_1_test`.
 *
 * @param id The id of the business, that is, of its live side.
 * @throws {TypeError} where the id has a wrong form, or already ends in `_test`: it would name two businesses.
 */
export function sideOf(id: string, mode: Mode): BusinessId {
  if (modeOf(id) === 'test') {
    throw new TypeError('businessId must not end in "_test": that names the test side of another business');
  }
  return businessId(mode === 'test' ? id + TEST_SUFFIX : id);
}
