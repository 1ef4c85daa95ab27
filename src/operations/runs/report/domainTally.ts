import type { ContactRow } from '../../../db/runs/reportRows.ts';
import { domainOf } from '../../../lib/domainOf.ts';
import { readEmailAddress } from '../../../render/bill/emailAddress.ts';
import type { FieldCiphers } from '../../../render/cipher/fieldCiphers.ts';
import type { DomainFacts } from './reportFacts.ts';
import type { EndAddend, Summing } from './reportSums.ts';

const shown = 20;
/** More domains than members usually have. Later ones are counted together. */
const mostDomains = 100_000;

/** Adds up bills by the domain of the member's presently stored e-mail address. Only domains are kept. */
export class DomainTally {
  readonly #ciphers: FieldCiphers;
  readonly #domains = new Map<string, Alike>();
  readonly #rest: Alike = new Map();
  readonly #withoutAddress: Alike = new Map();
  readonly #unreadable: Alike = new Map();

  constructor(ciphers: FieldCiphers) {
    this.#ciphers = ciphers;
  }

  add(rows: readonly ContactRow[]): void {
    for (const row of rows) addTo(this.#placeOf(row), row);
  }

  facts({ ends, sum }: Summing): DomainFacts {
    const sorted = [...this.#domains]
      .map(([domain, alike]) => ({ domain, alike, bills: sum([...alike.values()]).bills }))
      .sort((a, b) => b.bills - a.bills || (a.domain < b.domain ? -1 : 1));
    const others = sorted.slice(shown);
    const rest = [...others.flatMap(({ alike }) => [...alike.values()]), ...this.#rest.values()];
    return {
      top: sorted.slice(0, shown).map(({ domain, alike }) => ({ domain, ...ends([...alike.values()]) })),
      rest: { domains: others.length, ...ends(rest) },
      withoutAddress: ends([...this.#withoutAddress.values()]),
      unreadable: ends([...this.#unreadable.values()]),
    };
  }

  #placeOf({ memberId, email }: ContactRow): Alike {
    if (email === null || email.trim() === '') return this.#withoutAddress;
    const opened = this.#ciphers.open('email', memberId, email);
    if (opened.kind !== 'opened') return this.#unreadable;
    const read = readEmailAddress(opened.text);
    if (read.kind === 'none') return this.#withoutAddress;
    return read.kind === 'usable' ? this.#ofDomain(domainOf(read.to)) : this.#unreadable;
  }

  #ofDomain(domain: string): Alike {
    const known = this.#domains.get(domain);
    if (known !== undefined) return known;
    if (this.#domains.size >= mostDomains) return this.#rest;
    const alike: Alike = new Map();
    this.#domains.set(domain, alike);
    return alike;
  }
}

/** Sums by state and currency. */
type Alike = Map<string, EndAddend>;

function addTo(alike: Alike, { state, currency, amount }: ContactRow): void {
  const key = `${state} ${currency}`;
  const before = alike.get(key);
  alike.set(key, {
    state,
    currency,
    bills: (before?.bills ?? 0) + 1,
    amount: (before?.amount ?? 0n) + amount,
  });
}
