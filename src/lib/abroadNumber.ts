/**
 * Whether a phone number, as `readPhoneNumber` gives it, is foreign: not of Korea. If HOME_COUNTRY is another
 * country, Korean numbers have their country code and count as foreign too.
 */
export function isAbroad(phone: string): boolean {
  return phone.startsWith('+') && !phone.startsWith('+82');
}
