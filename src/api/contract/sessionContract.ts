import { z } from 'zod';
import { channelNames } from '../../channels.ts';
import { billIdKinds } from '../../db/source/billSource.ts';
import { permissions, roleNames } from '../../policy/roles.ts';
import { timestamp } from './contractShapes.ts';

export const signIn = z.object({ token: z.string().min(1).max(500) });

export const sessionFacts = z.object({
  name: z.string().describe('The name of the token or of the user'),
  roles: z.array(z.enum(roleNames)),
  permissions: z.array(z.enum(permissions)),
  source: z
    .enum(['token', 'session', 'proxy', 'loopback'])
    .describe('How the caller is known; `loopback`: no tokens are set, and nobody signs in'),
  expiresAt: timestamp.nullable(),
  billIdKind: z.enum(billIdKinds).describe('What the ids of bills and members are, as BILL_ID_KIND says'),
  channels: z
    .array(z.object({ channel: z.enum(channelNames), label: z.string(), labelInKorean: z.string() }))
    .describe('What people call each channel'),
});

export const signedOut = z.object({ signedOut: z.boolean().describe('False: there was no session') });

export type SessionFacts = z.infer<typeof sessionFacts>;
