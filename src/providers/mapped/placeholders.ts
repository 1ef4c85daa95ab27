import { homeCountry } from '../../homeCountry.ts';

/** A place in a text: `{{to|e164}}`. */
export interface Place {
  readonly field: string;
  readonly format: Format | undefined;
}

export type Piece = string | Place;

const { numbers: homeNumbers } = homeCountry;

/** How a value is written. A telephone number without a country's code is one of HOME_COUNTRY. */
const formats = {
  number: (value: string) => value,
  digits: (value: string) => value.replaceAll(/\D/g, ''),
  e164: (value: string) => `+${internationalDigits(value)}`,
  e164digits: internationalDigits,
  national: (value: string) => homeNumbers?.nationalDigits(value) ?? value.replaceAll(/[^\d+]/g, ''),
} as const;
type Format = keyof typeof formats;

function internationalDigits(value: string): string {
  const digits = (homeNumbers?.numberIn(value) ?? value).replaceAll(/\D/g, '');
  if (homeNumbers !== undefined) return digits;
  return value.startsWith('+') || !digits.startsWith('0') ? digits : `82${digits.slice(1)}`;
}

const attemptFields = ['key', 'billId', 'memberId', 'channel', 'cycle'] as const;
const requestFields = ['unixMs', 'unixSeconds', 'isoTime', 'salt', 'method', 'path'] as const;

/** Of a message, in the body of a request. */
const messageFields = [
  ...attemptFields,
  'to',
  'subject',
  'html',
  'text',
  'title',
  'buttons',
  'attachments',
] as const;
export type MessageField = (typeof messageFields)[number];

/** Where a text stands, and the fields that are known there. */
const contexts = {
  /** Known at the start: settings only. */
  start: [],
  message: messageFields,
  batch: ['items'],
  request: [...requestFields, 'key', 'attempt'],
  signed: [...requestFields, 'key', 'attempt', 'signature'],
  answer: [...attemptFields, 'to'],
  lookup: ['key', 'billId', 'channel', 'cycle', 'koreaNow', 'koreaWeekAgo'],
  poll: ['from', 'until'],
  asked: ['id', 'key', 'billId', 'channel', 'cycle'],
  button: ['name', 'url', 'number'],
  attachment: ['name', 'contentType', 'content'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type PlaceContext = keyof typeof contexts;

const place = /\{\{\s*([\w]+)(?:\s*\|\s*(\w+))?\s*\}\}/g;

/** What is wrong with a template at this place. */
export function problemsOf(text: string, context: PlaceContext): string[] {
  return piecesOf(text).flatMap((piece) => {
    if (typeof piece !== 'string') return problemsOfPlace(piece, contexts[context]);
    return /\{\{|\}\}/.test(piece) ? [`has a broken place in ${piece.trim()}`] : [];
  });
}

function problemsOfPlace({ field, format }: Place, known: readonly string[]): string[] {
  if (!known.includes(field)) {
    const allowed = known.length === 0 ? `settings, $\{NAME}` : known.join(', ');
    return [`cannot use {{${field}}} here: only ${allowed}`];
  }
  return format !== undefined && !Object.hasOwn(formats, format)
    ? [`has an unknown format ${format}: use ${Object.keys(formats).join(', ')}`]
    : [];
}

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(place)) {
    const [whole, field = '', format] = match;
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push({ field, format: format as Format | undefined });
    end = match.index + whole.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

/** Writes a value as its place wants it. */
export function formatted(value: string, { format }: Place): string {
  return format === undefined ? value : formats[format](value);
}

/** Makes the function that fills a template; `encode` is used for values and not for the text around them. */
export function compileText(
  text: string,
  encode: (value: string) => string = (value) => value,
): (fieldOf: (field: string) => string) => string {
  const pieces = piecesOf(text);
  if (pieces.every((piece) => typeof piece === 'string')) return () => text;
  return (fieldOf) =>
    pieces
      .map((piece) => (typeof piece === 'string' ? piece : encode(formatted(fieldOf(piece.field), piece))))
      .join('');
}
