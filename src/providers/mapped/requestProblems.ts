import { validateHeaderValue } from 'node:http';
import { ourHeaders } from '../http/requestHead.ts';
import type { Mapping } from './mappingSchema.ts';

type Requests = Pick<Mapping, 'headers' | 'signing' | 'send' | 'lookup' | 'receipts'>;

/**
 * What no request may have, in the addresses and headers of a mapping whose settings are filled in: otherwise
 * it would show with the first bill.
 */
export function requestProblems(mapping: Requests): string[] {
  return [
    ...pathsOf(mapping).flatMap(([place, path]) =>
      notInPath.test(withoutPlaces(path))
        ? [`its ${place} has characters that no address may have: write them in the percent form, as %20`]
        : [],
    ),
    ...headersOf(mapping).flatMap(([place, headers]) =>
      Object.entries(headers).flatMap(([name, value]) => headerProblem(`its ${place}.${name}`, name, value)),
    ),
  ];
}

/** Beyond ASCII, blanks, line breaks, and the part of an address that is never sent. */
const notInPath = /[^\u0021-\u007e]|#/;

function withoutPlaces(text: string): string {
  return text.replaceAll(/\{\{[^{}]*\}\}/g, '');
}

function headerProblem(place: string, name: string, value: string): string[] {
  if (ourHeaders.has(name)) return [`${place} is a header that billcast sets itself`];
  try {
    validateHeaderValue(name, withoutPlaces(value));
    return [];
  } catch {
    return [`${place} has characters that no header may have`];
  }
}

function pathsOf({ send, lookup, receipts }: Requests): (readonly [string, string])[] {
  return [
    ...Object.entries(send).flatMap(([form, { path, upload }]) => [
      [`send.${form}.path`, path] as const,
      ...(upload === undefined ? [] : [[`send.${form}.upload.path`, upload.path] as const]),
    ]),
    ...(lookup?.paths ?? []).map((path, index) => [`lookup.paths[${index}]`, path] as const),
    ...(receipts?.polls ?? []).map(({ path }, index) => [`receipts.polls[${index}].path`, path] as const),
  ];
}

function headersOf({
  headers,
  signing,
  send,
}: Requests): (readonly [string, Readonly<Record<string, string>>])[] {
  return [
    ['headers', headers],
    ...(signing?.kind === 'hmac' ? [['signing.headers', signing.headers] as const] : []),
    ...(signing?.kind === 'bearer' ? [['signing', { token: signing.token }] as const] : []),
    ...Object.entries(send).map(([form, one]) => [`send.${form}.headers`, one.headers] as const),
  ];
}
