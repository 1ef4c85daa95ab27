/** Whether a phone number, as `readPhoneNumber` gives it, is of another country than Korea. */
export function isAbroad(phone: string): boolean {
  return phone.startsWith('+');
}
