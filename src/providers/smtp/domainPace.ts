import { domainOf } from '../../lib/domainOf.ts';
import type { OpenRate, SharedRate } from '../sharedRate.ts';

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

export interface DomainPaceOptions {
  readonly rates: DomainRates;
  readonly openRate: OpenRate;
  /** So many of a domain may wait for their moment: each of them takes the place of another send. */
  readonly mostWaiting: number;
}

/** As many may wait as have their moment within this time. */
const waitingSeconds = 0.2;
/** A bill is given back for this long at least. */
const shortestMs = 1_000;

/** Keeps the messages of all processes to each domain at its rate. */
export class DomainPace {
  readonly #lines: ReadonlyMap<string, DomainLine>;

  constructor({ rates, openRate, mostWaiting }: DomainPaceOptions) {
    const lineOf = (domain: string, perSecond: number) =>
      new DomainLine(openRate(`@${domain}`, perSecond), { perSecond, mostWaiting });
    this.#lines = new Map([...rates].map(([domain, rate]) => [domain, lineOf(domain, rate)]));
  }

  /** Of the domain of this address; undefined if it has no rate. */
  lineOf(to: string): DomainLine | undefined {
    if (this.#lines.size === 0) return undefined;
    return this.#lines.get(domainOf(to));
  }

  /** What waits is given back. */
  stop(): void {
    for (const line of this.#lines.values()) line.stop();
  }
}

/** The messages of this process to one domain. */
export class DomainLine {
  readonly #rate: SharedRate;
  readonly #mostWaiting: number;
  readonly #share: DomainShare;
  #waiting = 0;
  /** When the next bill that is given back is due: they are due one by one, at the rate of this process. */
  #backMs = 0;

  constructor(rate: SharedRate, { perSecond, mostWaiting }: DomainLineOptions) {
    this.#rate = rate;
    this.#mostWaiting = Math.max(1, Math.min(mostWaiting, perSecond * waitingSeconds));
    this.#share = new DomainShare(1_000 / perSecond);
  }

  /** Waits for a turn: 0 if the message may leave now, else how long its bill is to wait elsewhere. */
  async waitMs(now: () => number = () => performance.now()): Promise<number> {
    if (this.#waiting < this.#mostWaiting) {
      this.#waiting++;
      this.#rate.letThrough(1);
      const mayGo = await this.#rate.enter();
      this.#waiting--;
      if (mayGo) {
        this.#share.passed(now());
        return 0;
      }
    }
    this.#share.givenBack();
    const nowMs = now();
    this.#backMs = Math.max(nowMs + shortestMs, this.#backMs) + this.#share.everyMs;
    return this.#backMs - nowMs;
  }

  stop(): void {
    this.#rate.stop();
  }
}

/** How often this process has a turn, measured while it has more to send than it may. */
class DomainShare {
  readonly #leastMs: number;
  #everyMs: number;
  #passedAtMs: number | undefined;
  #isFull = false;

  constructor(leastMs: number) {
    this.#leastMs = leastMs;
    this.#everyMs = leastMs;
  }

  /** Bills come back a little too often: so nothing of the rate is left unused when others leave. */
  get everyMs(): number {
    return Math.max(this.#leastMs, this.#everyMs * 0.9);
  }

  passed(nowMs: number): void {
    const sinceMs = this.#isFull && this.#passedAtMs !== undefined ? nowMs - this.#passedAtMs : this.#leastMs;
    this.#everyMs += (sinceMs - this.#everyMs) * 0.05;
    this.#passedAtMs = nowMs;
    this.#isFull = false;
  }

  givenBack(): void {
    this.#isFull = true;
  }
}

interface DomainLineOptions {
  readonly perSecond: number;
  readonly mostWaiting: number;
}
