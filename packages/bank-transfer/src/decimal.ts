// ISO 4217, without the funds and metals. `Intl` will not do: what it says of HUF depends on the runtime.
const WITHOUT_DECIMALS = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' '));
const WITH_THREE = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/**
 * How many decimals a currency has: 2 for EUR, 0 for JPY.
 *
 * @see https://www.six-group.com/en/products-services/financial-information/data-standards.html (ISO 4217, list one)
 */
export function decimalsOf(currency: string): number {
  if (WITHOUT_DECIMALS.has(currency)) return 0;
  return WITH_THREE.has(currency) ? 3 : 2;
}

/** An amount of the smallest unit as a decimal number, without any arithmetic that could round it: 123450 is `1234.50`. */
export function decimal(amount: number, decimals: number): string {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError('an amount must be a safe integer, 0 or more');
  if (decimals === 0) return String(amount);
  const digits = String(amount).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
