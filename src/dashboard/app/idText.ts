import type { SessionFacts } from '../../api/contract/sessionContract.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Pure: whether a text is the id of a bill or a member. Addresses and phone numbers are refused, so that they
 * do not get into the address of a page. Korean phone numbers begin with 0 or +.
 */
export function isId(text: string, kind: SessionFacts['billIdKind']): boolean {
  if (/^[1-9]\d{0,18}$/.test(text)) return true;
  switch (kind) {
    case 'bigint':
      return false;
    case 'uuid':
      return uuid.test(text);
    case 'text':
      return text !== '' && !text.includes('@') && (/\p{L}/u.test(text) || !/^[0+(]/.test(text));
    default:
      return kind satisfies never;
  }
}
