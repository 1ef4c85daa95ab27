import { z } from 'zod';

/**
 * Text in a request that is kept. It has no control characters, because records are read line by line, and no
 * halves of characters: PostgreSQL refuses both in JSON.
 */
export const oneLineText = z
  .string()
  .regex(/^\P{Cc}*$/u, 'has a control character')
  .refine((text) => text.isWellFormed(), 'has half of a character');
