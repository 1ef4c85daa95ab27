import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { defineProvider } from '../providerKind.ts';

/** For trying out: it sends nothing, and writes what it accepts to a file. */
export const simulated = defineProvider({
  shape: {
    SIMULATED_DELAY_MS: z.coerce
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1_000),
    SIMULATED_REFUSAL_RATE: z.coerce.number().min(0).max(1).default(0.01),
    SIMULATED_SEED: z.coerce.number().int().min(0).optional(),
    SIMULATED_LEDGER: z.string().min(1).optional(),
  },
  secrets: [],
  read: (env, { dataDir }) => ({
    delayMs: env.SIMULATED_DELAY_MS,
    refusalRate: env.SIMULATED_REFUSAL_RATE,
    seed: env.SIMULATED_SEED ?? randomInt(2 ** 31),
    ledgerFile: env.SIMULATED_LEDGER ?? join(dataDir, 'ledger.jsonl'),
  }),
  problems: (env, { sendTimeoutMs }) =>
    env.SIMULATED_DELAY_MS >= sendTimeoutMs
      ? ['SIMULATED_DELAY_MS must be below SEND_TIMEOUT_MS: every send would time out']
      : [],
  encoder: () => undefined,
  provesNever: () => true,
  async create(settings, { sendTimeoutMs }) {
    const { createSimulatedProvider } = await import('./simulatedProvider.ts');
    const provider = createSimulatedProvider({ ...settings, sendTimeoutMs });
    return () => provider;
  },
});
