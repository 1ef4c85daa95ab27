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
  /**
   * How many messages to one domain may wait for their moment. Each of them takes the place of another send.
   */
  readonly mostWaiting: number;
}

/** As many may wait as are sent within this time. */
const waitingSeconds = 0.2;
/** The shortest time for which a bill is given back. */
const shortestMs = 1_000;

/** Keeps the messages to each domain at its rate, over all processes. */
export class DomainPace {
  readonly #lines: ReadonlyMap<string, DomainLine>;

  constructor({ rates, openRate, mostWaiting }: DomainPaceOptions) {
    const lineOf = (domain: string, perSecond: number) =>
      new DomainLine(openRate(`@${domain}`, perSecond), { perSecond, mostWaiting });
    this.#lines = new Map([...rates].map(([domain, rate]) => [domain, lineOf(domain, rate)]));
  }

  /** The line of this address's domain; undefined if it has no rate. */
  lineOf(to: string): DomainLine | undefined {
    if (this.#lines.size === 0) return undefined;
    return this.#lines.get(domainOf(to));
  }

  /** Gives back all bills that wait. */
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

  /** Waits for a turn. 0: the message may leave now. Otherwise: how long its bill must be given back for. */
  async waitMs(now: () => number = () => performance.now()): Promise<number> {
    if (this.#waiting < this.#mostWaiting) {
      this.#waiting++;
      this.#rate.letThrough(1);
      const turn = await this.#rate.enter();
      this.#waiting--;
      if (turn !== undefined) {
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

  /**
   * The time between bills that are given back. It is a little short, so that the rate is used in full if
   * other processes stop sending.
   */
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
