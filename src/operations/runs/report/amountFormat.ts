/**
 * Writes minor units, given as digits, in a currency: `1234500` in `KRW` is `₩1,234,500`. It is exact for any
 * size.
 */
export function createAmountFormat(language: string): (digits: string, currency: string) => string {
  const formats = new Map<string, Intl.NumberFormat>();
  return (digits, currency) => {
    const format = formats.get(currency) ?? new Intl.NumberFormat(language, { style: 'currency', currency });
    formats.set(currency, format);
    const places = format.resolvedOptions().maximumFractionDigits ?? 0;
    return format.format(`${digits}E-${places}` as Intl.StringNumericLiteral);
  };
}
