import { z } from 'zod';
import { type PlaceContext, problemsOf } from './placeholders.ts';

/** A text with places such as `{{to}}`. Which places are known depends on where the text is. */
export function template(context: PlaceContext) {
  return z.string().superRefine((text, { addIssue }) => {
    for (const message of problemsOf(text, context)) addIssue({ code: 'custom', message });
  });
}

/** Any JSON value whose texts are templates. */
export function jsonTemplate(context: PlaceContext) {
  return z.json().superRefine((value, { addIssue }) => {
    for (const { path, text } of textsIn(value, [])) {
      for (const message of problemsOf(text, context)) addIssue({ code: 'custom', message, path });
    }
  });
}

interface FoundText {
  readonly path: (string | number)[];
  readonly text: string;
}

function textsIn(value: z.core.util.JSONType, path: (string | number)[]): FoundText[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsIn(item, [...path, name]));
}

export const pointer = z
  .string()
  .regex(/^(\/([^~/]|~[01])*)*$/, 'is no JSON pointer, such as /data/0/id; * stands for any item')
  .describe(
    'A JSON pointer (RFC 6901) into the answer; the segment * stands for any item of a list or object',
  );

export const pattern = z
  .string()
  .min(1)
  .refine(isPattern, 'is no regular expression')
  .describe('A regular expression, without regard to upper and lower case');

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'iu') instanceof RegExp;
  } catch {
    return false;
  }
}

export const headerName = z
  .string()
  .regex(/^[a-z0-9-]+$/, 'must be a header in lower case, such as x-api-key');
export function headers(context: PlaceContext) {
  return z.record(headerName, template(context));
}
