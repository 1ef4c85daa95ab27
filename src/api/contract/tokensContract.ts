import { z } from 'zod';
import { instantText } from '../../lib/instantText.ts';
import { tokenNamePattern } from '../../operations/apiTokens.ts';
import { type Role, roleNames } from '../../policy/roles.ts';
import { reasonText, timestamp } from './contractShapes.ts';

const tokenName = z
  .string()
  .regex(tokenNamePattern, 'wants letters, digits and . _ @ -, 64 at most')
  .describe('Who uses it. Tokens of the same name are the same person');
const roles = z.array(z.enum(roleNames as readonly [Role, ...Role[]])).min(1);

const token = z.object({
  id: z.uuid().nullable().describe('Null for a token of API_TOKENS, which ends when it is taken out there'),
  name: tokenName,
  roles,
  source: z.enum(['settings', 'kept']).describe('`settings`: it stands in API_TOKENS'),
  state: z.enum(['valid', 'expired', 'revoked']),
  createdAt: timestamp.nullable(),
  createdBy: z.string().nullable(),
  expiresAt: timestamp.nullable().describe('Null if it does not expire'),
  lastUsedAt: timestamp.nullable().describe('To within five minutes; null if never, or for API_TOKENS'),
  revokedAt: timestamp.nullable(),
  revokedBy: z.string().nullable(),
});

export const tokenList = z.object({ items: z.array(token), asOf: timestamp });

export const tokenCreate = z.object({
  name: tokenName,
  roles,
  expiresAt: instantText.nullable().describe('Null if it does not expire'),
  reason: reasonText,
});
export const tokenCreated = z.object({
  id: z.uuid(),
  token: z.string().describe('It is shown this once'),
});

export const tokenParams = z.object({ id: z.uuid() });
export const tokenRevoke = z.object({ reason: reasonText });
export const tokenRevoked = z.object({ revoked: z.boolean().describe('False: it was revoked before') });

export type TokenEntry = z.infer<typeof token>;
export type TokenList = z.infer<typeof tokenList>;
export type TokenCreated = z.infer<typeof tokenCreated>;
