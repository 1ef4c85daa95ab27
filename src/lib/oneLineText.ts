import { z } from 'zod';

/** Written out: what reads our OpenAPI document does not know `\p{Cc}`. */
const controls = String.raw`\u0000-\u001f\u007f-\u009f`;

/**
 * Text in a request that is kept. It has no control characters, because records are read line by line, and no
 * halves of characters: PostgreSQL refuses both in JSON.
 */
export const oneLineText = z
  .string()
  .regex(new RegExp(`^[^${controls}]*$`), 'has a control character')
  .refine((text) => text.isWellFormed(), 'has half of a character');
