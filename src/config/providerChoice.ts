import { z } from 'zod';
import { parseShares } from '../providers/providerShares.ts';

/** `PROVIDER_<CHANNEL>`: one provider, or several with weights. */
export const providerShares = z.string().transform((text, context) => {
  const shares = parseShares(text);
  if (typeof shares !== 'string') return shares;
  context.addIssue({ code: 'custom', message: shares });
  return z.NEVER;
});
