import type { BillId, FailureReason } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { ExpectedBill, ExpectedFailure, ExpectedMessage, Turn } from './expectedBill.ts';
import type { MessageCount } from './expectedCost.ts';
import { Outliers } from './outliers.ts';

export interface FailureCount {
  readonly channel: Channel;
  readonly reason: FailureReason;
  readonly detail: string;
  readonly bills: number;
  /** The first few bills. */
  readonly sample: readonly BillId[];
}

export interface TurnCount extends Turn {
  readonly bills: number;
}

export interface DomainCount {
  readonly domain: string;
  readonly bills: number;
}

/**
 * The most domains that are counted separately. Further ones, mostly members' own domains, count as others.
 */
const mostDomains = 20_000;
const domainsShown = 10;
const failuresShown = 50;
const sampleSize = 5;

/** Adds up what is expected of bills, in memory that does not grow with their number. */
export class ForecastTally {
  readonly outliers: Outliers;
  readonly #defaultCurrency: string;
  readonly #first = new Map<Channel, number>();
  readonly #messages = new Map<
    string,
    MessageCount & { readonly bytes: number; readonly mostBytes: number }
  >();
  readonly #turns = new Map<string, TurnCount>();
  readonly #failures = new Map<string, FailureCount>();
  readonly #amounts = new Map<string, { bills: number; sum: bigint }>();
  readonly #domains = new Map<string, number>();
  #bills = 0;
  #turned = 0;
  #addresses = 0;
  #withoutAmount = 0;
  #quiet = 0;
  #longestQuietMs = 0;

  /** @param defaultCurrency the currency of bills that name none */
  constructor(defaultCurrency: string) {
    this.#defaultCurrency = defaultCurrency;
    this.outliers = new Outliers(defaultCurrency);
  }

  get bills(): number {
    return this.#bills;
  }

  add(bill: ExpectedBill): void {
    this.#bills++;
    this.#first.set(bill.first, (this.#first.get(bill.first) ?? 0) + 1);
    if (bill.turns.length > 0) this.#turned++;
    for (const turn of bill.turns) this.#addTurn(turn);
    this.#addAmount(bill);
    this.outliers.add(bill);
    if (bill.end.kind === 'goes') this.#addMessage(bill.end);
    else this.#addFailure(bill.billId, bill.end);
  }

  #addTurn(turn: Turn): void {
    const key = `${turn.from} ${turn.to} ${turn.why}`;
    this.#turns.set(key, { ...turn, bills: (this.#turns.get(key)?.bills ?? 0) + 1 });
  }

  #addAmount({ amount, currency: named }: ExpectedBill): void {
    if (amount === null) {
      this.#withoutAmount++;
      return;
    }
    const currency = named ?? this.#defaultCurrency;
    const { bills, sum } = this.#amounts.get(currency) ?? { bills: 0, sum: 0n };
    this.#amounts.set(currency, { bills: bills + 1, sum: sum + BigInt(amount) });
  }

  #addMessage({ channel, form, bytes, domain, quietMs }: ExpectedMessage): void {
    const key = `${channel} ${form}`;
    const before = this.#messages.get(key) ?? { messages: 0, bytes: 0, mostBytes: 0 };
    this.#messages.set(key, {
      channel,
      form,
      messages: before.messages + 1,
      bytes: before.bytes + bytes,
      mostBytes: Math.max(before.mostBytes, bytes),
    });
    if (quietMs > 0) this.#quiet++;
    this.#longestQuietMs = Math.max(this.#longestQuietMs, quietMs);
    if (domain === undefined) return;
    this.#addresses++;
    const known = this.#domains.get(domain);
    if (known !== undefined || this.#domains.size < mostDomains) this.#domains.set(domain, (known ?? 0) + 1);
  }

  #addFailure(billId: BillId, { channel, reason, detail }: ExpectedFailure): void {
    const key = `${channel} ${reason} ${detail}`;
    const known = this.#failures.get(key);
    const name = known === undefined && this.#failures.size >= failuresShown ? reason : key;
    const before = this.#failures.get(name) ?? { bills: 0, sample: [] };
    this.#failures.set(name, {
      channel,
      reason,
      detail: name === key ? detail : 'others',
      bills: before.bills + 1,
      sample: before.sample.length < sampleSize ? [...before.sample, billId] : before.sample,
    });
  }

  facts() {
    const messages = [...this.#messages.values()];
    return {
      first: [...this.#first].map(([channel, bills]) => ({ channel, bills })),
      messages: messages.map(({ bytes, ...rest }) => ({
        ...rest,
        averageBytes: Math.round(bytes / rest.messages),
      })),
      turned: this.#turned,
      turns: [...this.#turns.values()],
      failures: [...this.#failures.values()].toSorted((a, b) => b.bills - a.bills),
      quietHours: { bills: this.#quiet, longestMs: this.#longestQuietMs },
      // Sums are exact, as decimal texts.
      amounts: [...this.#amounts].map(([currency, { bills, sum }]) => ({
        currency,
        bills,
        sum: String(sum),
      })),
      withoutAmount: this.#withoutAmount,
      ...this.#domainFacts(),
      outliers: this.outliers.facts(),
    };
  }

  /** Counts per domain. A domain with one address could identify a person, so it is among the others. */
  #domainFacts(): { readonly domains: readonly DomainCount[]; readonly otherDomains: number } {
    const domains = [...this.#domains]
      .filter(([, bills]) => bills > 1)
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, domainsShown)
      .map(([domain, bills]) => ({ domain, bills }));
    const shownBills = domains.reduce((sum, { bills }) => sum + bills, 0);
    return { domains, otherDomains: this.#addresses - shownBills };
  }
}
