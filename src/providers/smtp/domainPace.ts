/** Messages per second that a receiving domain takes: `SMTP_DOMAIN_RATES`. */
export type DomainRates = ReadonlyMap<string, number>;

/**
 * Reads `naver.com:50,hanmail.net:20`.
 * @throws Error saying what is wrong
 */
export function readDomainRates(text: string): DomainRates {
  const rates = new Map<string, number>();
  for (const entry of text.split(',').map((part) => part.trim().toLowerCase())) {
    const [, domain = '', rate] = /^([a-z0-9.-]+):(\d+(?:\.\d+)?)$/.exec(entry) ?? [];
    if (domain === '' || Number(rate) <= 0 || rates.has(domain)) {
      throw new Error('must be domain:messages per second, with commas between, each domain once');
    }
    rates.set(domain, Number(rate));
  }
  return rates;
}

/** What may leave at once after a pause, as time at the rate. */
const burstMs = 200;
/** A bill is given back for this long at least. */
const shortestMs = 1_000;

interface Pace {
  readonly everyMs: number;
  nextMs: number;
  /** When the next bill that is given back comes again: one after the other, at the same rate. */
  backMs: number;
}

/** Keeps the messages of this process to each domain at its rate. */
export class DomainPace {
  readonly #paces: ReadonlyMap<string, Pace>;

  constructor(rates: DomainRates) {
    this.#paces = new Map(
      [...rates].map(([domain, rate]) => [domain, { everyMs: 1_000 / rate, nextMs: 0, backMs: 0 }]),
    );
  }

  /** Takes a turn: 0 if the message may leave now, else how long its bill is to wait. */
  waitMs(to: string, nowMs = performance.now()): number {
    if (this.#paces.size === 0) return 0;
    const pace = this.#paces.get(to.slice(to.lastIndexOf('@') + 1).toLowerCase());
    if (pace === undefined) return 0;
    if (pace.nextMs <= nowMs + burstMs) {
      pace.nextMs = Math.max(nowMs, pace.nextMs) + pace.everyMs;
      return 0;
    }
    pace.backMs = Math.max(nowMs + shortestMs, pace.backMs) + pace.everyMs;
    return pace.backMs - nowMs;
  }
}
