import { z } from 'zod';
import {
  type InboundName,
  inboundNames,
  inboundSourceOf,
  isInboundName,
} from '../providers/inbound/inboundRegistry.ts';

const secrets = z.string().transform((text, context): Map<InboundName, string[]> => {
  const found = new Map<InboundName, string[]>();
  for (const entry of text.split(',')) {
    const [, name = '', secret = ''] = /^([^:]*):(.*)$/.exec(entry.trim()) ?? [];
    const problem = problemOf(name, secret);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    else if (isInboundName(name)) found.set(name, [...(found.get(name) ?? []), secret]);
  }
  return found;
});

function problemOf(name: string, secret: string): string | undefined {
  if (!isInboundName(name)) {
    return `has entries name:secret, comma between; the names are ${inboundNames.join(', ')}`;
  }
  const { pattern, words } = inboundSourceOf(name).secret;
  return pattern.test(secret) ? undefined : `wants ${words}, behind ${name}:`;
}

export const inboundShape = {
  INBOUND_SECRETS: secrets.optional(),
  INBOUND_URL: z.url({ protocol: /^https?$/ }).optional(),
  INBOUND_LMTP_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  INBOUND_MAILDIR: z.string().min(1).optional(),
};

type InboundEnvironment = z.infer<z.ZodObject<typeof inboundShape>>;

/** How the api process receives receipts. */
export function inboundSettingsOf(env: InboundEnvironment) {
  return {
    secrets: env.INBOUND_SECRETS ?? new Map<InboundName, string[]>(),
    /** The address of the api as the providers see it. Some sign the address that they call. */
    url: env.INBOUND_URL,
    /** 0: no LMTP server. */
    lmtpPort: env.INBOUND_LMTP_PORT,
    maildir: env.INBOUND_MAILDIR,
  };
}
