declare const brand: unique symbol;

/** An amount of money in the smallest unit of its currency: an integer from 0 to 2^53 - 1. */
export type Cents = number & { readonly [brand]: 'Cents' };

/** The most that one request may move: 1,000,000.00 in a currency with two decimals. */
export const MAX_AMOUNT: Cents = 100_000_000 as Cents;

/**
 * Checks an amount and gives it its type.
 *
 * @throws {RangeError} where the number is not an integer from 0 to 2^53 - 1.
 */
export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount) || amount < 0 || Object.is(amount, -0)) {
    throw new RangeError('an amount must be an integer of the smallest unit, from 0 to 2^53 - 1');
  }
  return amount as Cents;
}
