import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { createThrottledLog } from '../../log/throttledLog.ts';
import { defineProvider } from '../providerKind.ts';

const unwritable = 'the ledger of the simulated provider cannot be written, so it accepts nothing';

/** A provider for trying out: it sends nothing, and writes what it accepts to a file. */
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
  hasLookup: () => true,
  connects: false,
  sendsFiles: true,
  sendsNothing: true,
  async create(settings, { sendTimeoutMs, log }) {
    const { createSimulatedProvider } = await import('./simulatedProvider.ts');
    const { ledgerFault } = await import('./ledger.ts');
    const { ledgerFile } = settings;
    const throttledLog = createThrottledLog(log);
    const onUnwritable = (error: unknown): void => throttledLog.warn(unwritable, { err: error, ledgerFile });
    const fault = ledgerFault(ledgerFile);
    if (fault !== undefined) log.error({ err: fault, ledgerFile }, unwritable);
    const provider = createSimulatedProvider({ ...settings, sendTimeoutMs, onUnwritable });
    return () => provider;
  },
});
