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

/**
 * The provider's id in a receipt, if it names one message. An id that is masked does not: all ids that are
 * made in that way look the same. Nor does one that may be made of a number, if nobody says of which.
 * @param to the recipient; undefined if the receipt does not say
 */
export function namingId(id: string, to: string | undefined): string | undefined {
  if (to === undefined && mobileWithin.test(id)) return undefined;
  return keepableId(id, to ?? '') === id ? id : undefined;
}

const printable = /^[\x20-\x7e]{1,200}$/;
/** Only an id that consists of an address alone. A Message-ID in angle brackets is no address. */
const wholeAddress = /^[^\s<>@]+@([^\s<>@]+)$/;
const koreanMobile = /^(?:82|0)1\d{8,9}$/;
/** Between letters or digits, as in a random id, it is no number. */
const mobileWithin = /(?<![\dA-Za-z])(?:82[-. ]?1|01)\d[-. ]?\d{3,4}[-. ]?\d{4}(?![\dA-Za-z])/;
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
