import type { z } from 'zod';
import { Problem } from './problems/problem.ts';

/** The end of a page as one opaque word. */
export function cursorOf(key: object): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Reads such a word again; undefined if there is none.
 * @throws Problem REQUEST_INVALID for a word that is not ours
 */
export function keyOf<Schema extends z.ZodType>(
  cursor: string | undefined,
  schema: Schema,
): z.infer<Schema> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(jsonOf(cursor));
  if (parsed.success) return parsed.data;
  const detail = 'is no `next` of this list';
  throw new Problem('REQUEST_INVALID', '', { errors: [{ pointer: '/querystring/after', detail }] });
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
