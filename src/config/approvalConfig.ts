import { z } from 'zod';

/** Who lets bills go, and how a command proves who asks. */
export const approvalShape = {
  FOUR_EYES: z.stringbool().default(false),
  FOUR_EYES_NAMED: z.stringbool().default(false),
  BILLCAST_TOKEN: z.string().min(1).optional(),
};
