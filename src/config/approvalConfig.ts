import { z } from 'zod';

/** Who may release bills, and how a command proves who runs it. */
export const approvalShape = {
  FOUR_EYES: z.stringbool().default(false),
  FOUR_EYES_NAMED: z.stringbool().default(false),
  BILLCAST_TOKEN: z.string().min(1).optional(),
};
