/**
 * The provider's id of a message in the form in which a row may hold it. Some gateways make the id from the
 * recipient's number or address, which no row may hold: that part is masked.
 * @param to the recipient that the message was sent to
 * @returns undefined if the id cannot be kept: too long, several words or values, or not printable ASCII
 */
export function keepableId(id: string, to: string): string | undefined {
  if (!printable.test(id) || isSentence(id) || hasValues(id)) return undefined;
  if (id.includes('%') && holdsEncoded(id, to)) return undefined;
  const plain = id.includes('@') ? maskAddress(id, to) : id;
  return holdsNumber(plain, to) ? plain.replaceAll(/\d/g, '*') : plain;
}

const printable = /^[\x20-\x7e]{1,200}$/;
/** Only an id that consists of an address alone. A Message-ID in angle brackets is no address. */
const wholeAddress = /^[^\s<>@]+@([^\s<>@]+)$/;
const koreanMobile = /^(?:82|0)1\d{8,9}$/;
/** The length of a number without country and area code. Shorter numbers occur in ids by chance. */
const significantDigits = 8;

function maskAddress(id: string, to: string): string {
  const start = to.includes('@') ? id.toLowerCase().indexOf(to.toLowerCase()) : -1;
  if (start < 0) return id.replace(wholeAddress, '***@$1');
  return maskAddress(`${id.slice(0, start)}***${id.slice(start + to.length)}`, to);
}

/** Several words are no id, and may name somebody. */
function isSentence(id: string): boolean {
  return id.includes(' ') && /[A-Za-z]/.test(id);
}

/** Several values are no id. One of them may be the recipient, in a form that nobody foresees. */
function hasValues(id: string): boolean {
  return id.includes('&') || id.includes('\\') || (id.includes('=') && !/^[^=]*={1,2}$/.test(id));
}

/** Whether the id holds the recipient in the percent-encoding of URLs. */
function holdsEncoded(id: string, to: string): boolean {
  let plain: string;
  try {
    plain = decodeURIComponent(id);
  } catch {
    return true;
  }
  return !printable.test(plain) || plain.includes('@') || holdsNumber(plain, to);
}

function holdsNumber(id: string, to: string): boolean {
  const digits = id.replaceAll(/\D/g, '');
  if (digits.length < significantDigits) return false;
  const number = to.includes('@') ? '' : to.replaceAll(/\D/g, '').slice(-significantDigits);
  if (number.length === significantDigits && digits.includes(number)) return true;
  return koreanMobile.test(digits) && /^\+?[\d\s().-]+$/.test(id);
}
