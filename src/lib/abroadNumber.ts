/**
 * Whether a phone number, as `readPhoneNumber` gives it, is of another country than Korea. With another
 * HOME_COUNTRY those of Korea have their country's code too.
 */
export function isAbroad(phone: string): boolean {
  return phone.startsWith('+') && !phone.startsWith('+82');
}
