/**
 * `KRW 1,234,500`, for messages in English.
 * @param minor whole minor units: exact, however many digits there are
 * @param currency of ISO 4217
 */
export function moneyText(minor: string, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions();
  return format.format(`${minor}E-${digits}` as Intl.StringNumericLiteral).replace('\u00a0', ' ');
}
