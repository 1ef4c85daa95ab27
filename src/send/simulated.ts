import { draw } from './draw.ts';
import { Ledger, readLedgerKeys } from './ledger.ts';
import type { LookupAnswer, Provider, SendAnswer, SendOptions } from './provider.ts';
import { elapsedSince, readClocks } from './startDeadline.ts';

export interface SimulatedOptions {
  readonly delayMs: number;
  /** Share of attempts that are refused, 0 to 1. */
  readonly refusalRate: number;
  /** Which attempts are refused depends on this and on their keys alone. */
  readonly seed: number;
  readonly ledgerFile: string;
  /** An attempt that has not been accepted after this never will be: what the lookup's word rests on. */
  readonly sendTimeoutMs: number;
}

/**
 * The provider for those who have none: takes a while, refuses some, and writes what it accepts to a ledger
 * before it answers. It accepts when the delay has passed; a process that was suspended for longer than the
 * time limit in between accepts nothing, so that the ledger's "never" holds past the horizon.
 */
export const createSimulatedProvider = (options: SimulatedOptions): Provider => {
  const ledger = new Ledger(options.ledgerFile);
  const lookup = createLedgerLookup(options.ledgerFile);

  const send = async ({ claim, idempotencyKey, startDeadline }: SendOptions): Promise<SendAnswer> => {
    if (startDeadline.passed()) return { kind: 'notSent', reason: 'START_DEADLINE' };
    const start = readClocks();
    await delay(options.delayMs);
    if (isRefused(idempotencyKey, options)) return { kind: 'refused', reason: 'SIMULATED' };
    if (elapsedSince(start) > options.sendTimeoutMs) return { kind: 'notSent', reason: 'SUSPENDED' };
    try {
      await ledger.append({ key: idempotencyKey, ...claim });
      return { kind: 'accepted', providerId: `sim-${idempotencyKey}` };
    } catch {
      return { kind: 'notSent', reason: 'LEDGER_UNWRITABLE' };
    }
  };

  return {
    name: 'simulated',
    concurrency: Number.POSITIVE_INFINITY,
    send: (_message, sendOptions) => send(sendOptions),
    lookup,
    stop: async () => ledger.close(),
  };
};

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Reads the ledger once for all that is asked in one turn of the event loop. */
const createLedgerLookup = (file: string): Provider['lookup'] => {
  let reading: { keys: Set<string>; accepted: Promise<Set<string>> } | undefined;

  const read = async (keys: Set<string>): Promise<Set<string>> => {
    await new Promise((resolve) => setImmediate(resolve));
    reading = undefined;
    const accepted = new Set<string>();
    for await (const key of readLedgerKeys(file)) if (keys.has(key)) accepted.add(key);
    return accepted;
  };

  return async (idempotencyKey): Promise<LookupAnswer> => {
    if (reading === undefined) {
      const keys = new Set<string>();
      reading = { keys, accepted: read(keys) };
    }
    const { keys, accepted } = reading;
    keys.add(idempotencyKey);
    return (await accepted).has(idempotencyKey) ? 'accepted' : 'never';
  };
};

const isRefused = (key: string, { seed, refusalRate }: SimulatedOptions): boolean =>
  draw(key, seed) < refusalRate;
