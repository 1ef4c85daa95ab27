import type { Claim } from '../../bill.ts';
import type { LookupAnswer, Provider, SendAnswer } from '../provider.ts';
import { elapsedSince, type Instant, readClocks } from '../startDeadline.ts';
import { draw } from './draw.ts';
import { Ledger, readLedgerKeys } from './ledger.ts';

export interface SimulatedOptions {
  readonly delayMs: number;
  /** Share of attempts that are refused, 0 to 1. */
  readonly refusalRate: number;
  /** Together with its key, this decides whether an attempt is refused. */
  readonly seed: number;
  readonly ledgerFile: string;
  /** If an attempt is not accepted within this time, it never will be. The look-up relies on that. */
  readonly sendTimeoutMs: number;
  /** Called per acceptance that could not be written. */
  readonly onUnwritable: (error: unknown) => void;
}

/**
 * A provider without a network: it takes a while, refuses some, and writes what it accepts to a ledger before
 * it answers. It accepts when the delay has passed. A process that was suspended for longer than the time
 * limit accepts nothing, so that the ledger's "never" holds past the horizon.
 */
export function createSimulatedProvider(options: SimulatedOptions): Provider {
  const ledger = new Ledger(options.ledgerFile);
  let departing: Departure | undefined;

  /** One timer for all sends that begin together: thousands run at a time, and each timer takes memory. */
  const departure = (): Departure => {
    if (departing === undefined) {
      departing = { at: readClocks(), sends: [] };
      setTimeout(arrive, options.delayMs, departing);
      queueMicrotask(() => {
        departing = undefined;
      });
    }
    return departing;
  };

  const arrive = ({ at, sends }: Departure): void => {
    const suspended = elapsedSince(at) > options.sendTimeoutMs;
    // Answers come in the order of the sends: a refusal waits until the acceptance before it is written.
    let before = Promise.resolve();
    for (const { claim, idempotencyKey, answer } of sends) {
      if (isRefused(idempotencyKey, options)) {
        const refuse = (): void => answer({ kind: 'refused', reason: 'SIMULATED' });
        before.then(refuse, refuse);
      } else if (suspended) {
        answer({ kind: 'notSent', reason: 'SUSPENDED' });
      } else {
        before = ledger.append({ key: idempotencyKey, ...claim });
        before.then(
          () => answer({ kind: 'accepted', providerId: `sim-${idempotencyKey}` }),
          (error: unknown) => {
            options.onUnwritable(error);
            answer({ kind: 'notSent', reason: 'LEDGER_UNWRITABLE' });
          },
        );
      }
    }
  };

  return {
    name: 'simulated',
    concurrency: Number.POSITIVE_INFINITY,
    send: (_message, { claim, idempotencyKey, startDeadline }) =>
      startDeadline.passed()
        ? Promise.resolve({ kind: 'notSent', reason: 'START_DEADLINE' })
        : new Promise((answer) => departure().sends.push({ claim, idempotencyKey, answer })),
    lookupsAtOnce: Number.POSITIVE_INFINITY,
    lookup: createLedgerLookup(options.ledgerFile),
    stop: async () => ledger.close(),
  };
}

/**
 * The sends that began together, and when. Thousands run at a time, so each keeps only what its answer needs.
 */
interface Departure {
  readonly at: Instant;
  readonly sends: {
    readonly claim: Claim;
    readonly idempotencyKey: string;
    readonly answer: (answer: SendAnswer) => void;
  }[];
}

/** Reads the ledger once for all look-ups of one turn of the event loop. */
function createLedgerLookup(file: string): Provider['lookup'] {
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
}

function isRefused(key: string, { seed, refusalRate }: SimulatedOptions): boolean {
  return draw(key, seed) < refusalRate;
}
