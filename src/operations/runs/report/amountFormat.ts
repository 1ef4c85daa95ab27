/** Writes minor units, as digits, in a currency: `1234500` in `KRW` is `₩1,234,500`. Exact for any size. */
export function createAmountFormat(language: string): (digits: string, currency: string) => string {
  const formats = new Map<string, Intl.NumberFormat>();
  return (digits, currency) => {
    const format = formats.get(currency) ?? new Intl.NumberFormat(language, { style: 'currency', currency });
    formats.set(currency, format);
    const places = format.resolvedOptions().maximumFractionDigits ?? 0;
    return format.format(decimalOf(digits, places) as Intl.StringNumericLiteral);
  };
}

function decimalOf(digits: string, places: number): string {
  if (places === 0) return digits;
  const [sign, bare] = digits.startsWith('-') ? ['-', digits.slice(1)] : ['', digits];
  const padded = bare.padStart(places + 1, '0');
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
