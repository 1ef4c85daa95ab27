import { z } from 'zod';

/** The form of Prometheus' HTTP service discovery. */
export const scrapeTargets = z.array(
  z.object({
    targets: z.array(z.string()).describe('host:port'),
    labels: z.object({ process: z.enum(['api', 'dispatcher']) }),
  }),
);
