import { inBytes } from '../http/encodeMessage.ts';
import { type ListName, listOf } from './listPlaces.ts';
import type { SendMapping } from './mappingSchema.ts';
import { compileText, formatted, type Piece, piecesOf } from './placeholders.ts';

type Json = SendMapping['body'];

/**
 * Writes a body from the values of its places. Texts are UTF-8 with one character per byte: JSON escapes only
 * ASCII, and V8 takes half as long for such texts.
 */
export type WriteBody = (fieldOf: (field: string) => string) => string;

/** Makes the function that writes the body of a request, or an item of a batch. */
export function compileBody(body: Json, encoding: 'json' | 'form'): WriteBody {
  switch (encoding) {
    case 'json':
      return compileJson(body);
    case 'form':
      return compileForm(body);
    default:
      return encoding satisfies never;
  }
}

/** The text before and after the list of messages in the body of a batch. */
export function splitBatchBody(body: Json): readonly [string, string] {
  const [before = '', after = ''] = JSON.stringify(body).split('"{{items}}"');
  return [`${before}[`, `]${after}`];
}

function compileJson(body: Json): WriteBody {
  const parts: (string | WriteBody)[] = [];
  const add = (part: string | WriteBody): void => {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  };
  const walk = (value: Json): void => {
    if (typeof value === 'string') add(jsonText(piecesOf(inBytes(value))));
    else if (Array.isArray(value)) list('[', ']', value, walk);
    else if (typeof value === 'object' && value !== null) {
      const fields = Object.entries(value).filter(([, item]) => listOf(item) === undefined);
      list('{', '', fields, ([name, item]) => {
        add(`${inBytes(JSON.stringify(name))}:`);
        walk(item);
      });
      for (const part of optionalFields(value)) add(part);
      add('}');
    } else add(JSON.stringify(value));
  };
  const list = <T>(open: string, close: string, members: readonly T[], each: (member: T) => void): void => {
    add(open);
    for (const [index, member] of members.entries()) {
      if (index > 0) add(',');
      each(member);
    }
    add(close);
  };
  walk(body);
  return (fieldOf) => parts.map((part) => (typeof part === 'string' ? part : part(fieldOf))).join('');
}

/** Written behind all other fields; the schema has checked that there are some. */
function optionalFields(fields: Readonly<Record<string, Json>>): WriteBody[] {
  return Object.entries(fields).flatMap(([name, item]) => {
    const listed = listOf(item);
    return listed === undefined ? [] : [optionalField(inBytes(JSON.stringify(name)), listed)];
  });
}

function optionalField(name: string, list: ListName): WriteBody {
  return (fieldOf) => {
    const items = fieldOf(list);
    return items === '' ? '' : `,${name}:${items}`;
  };
}

function jsonText(pieces: readonly Piece[]): string | WriteBody {
  const [first] = pieces;
  if (first === undefined) return '""';
  if (pieces.length === 1) {
    if (typeof first === 'string') return JSON.stringify(first);
    return first.format === 'number'
      ? (fieldOf) => jsonNumber(fieldOf(first.field))
      : (fieldOf) => JSON.stringify(formatted(fieldOf(first.field), first));
  }
  return (fieldOf) =>
    JSON.stringify(
      pieces
        .map((piece) => (typeof piece === 'string' ? piece : formatted(fieldOf(piece.field), piece)))
        .join(''),
    );
}

/** An id: a number if JSON's readers do not round it, else a text of digits. */
function jsonNumber(value: string): string {
  return Number.isSafeInteger(Number(value)) ? String(Number(value)) : JSON.stringify(value);
}

/** Writes `application/x-www-form-urlencoded`; the schema has checked that the body is a form. */
function compileForm(body: Json): WriteBody {
  const fields = Object.entries(body as Readonly<Record<string, string | readonly string[]>>).flatMap(
    ([name, value]) =>
      [value].flat().map((text) => ({ name: encodeURIComponent(name), write: compileText(inBytes(text)) })),
  );
  return (fieldOf) =>
    fields.map(({ name, write }) => `${name}=${encodeURIComponent(ofBytes(write(fieldOf)))}`).join('&');
}

function ofBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
