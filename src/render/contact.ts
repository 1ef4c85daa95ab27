/**
 * Whether a stored text can be an e-mail address at all: one `@`, no blanks, no control characters, nothing
 * that would end an SMTP command or a header (RFC 5321, 4.1.2, without quoted local parts and address
 * literals; RFC 6531 for letters beyond ASCII). At most 254 characters (RFC 3696, erratum 1690).
 */
export const isEmailAddress = (text: string): boolean => text.length <= 254 && EMAIL.test(text);

/** Whether a stored text can be a phone number at all: 7 to 15 digits (E.164), `+` first, `-`, `.`, `()` and blanks. */
export const isPhoneNumber = (text: string): boolean => {
  if (!PHONE.test(text)) return false;
  const digits = text.replaceAll(/[^0-9]/g, '').length;
  return digits >= 7 && digits <= 15;
};

const ATOM = String.raw`[^\s.@\p{C}"(),:;<>[\]\\]+`;
const EMAIL = new RegExp(String.raw`^${ATOM}(?:\.${ATOM})*@${ATOM}(?:\.${ATOM})*$`, 'u');
const PHONE = /^\+?[0-9 .()-]{7,24}$/;
