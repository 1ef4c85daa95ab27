import type { Registry } from 'prom-client';
import { addCounter } from './metricsRegistry.ts';

/** What a receipt is counted by. */
export interface ReceiptLabels {
  /** `unknown` if the receipt names only the provider's id of the message. */
  readonly channel: string;
  readonly provider: string;
  readonly kind: string;
}

/** Counts the receipts that this process has stored, each once. */
export class ReceiptMeter {
  readonly #counts = new Map<string, { readonly labels: ReceiptLabels; value: number }>();

  add({ channel, provider, kind }: ReceiptLabels, receipts: number): void {
    const key = `${channel} ${provider} ${kind}`;
    const count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, { labels: { channel, provider, kind }, value: receipts });
    else count.value += receipts;
  }

  addTo(registry: Registry): void {
    addCounter(registry, {
      name: 'billcast_receipts_total',
      help: 'Receipts of providers: what became of messages after they were accepted; each counts once',
      labelNames: ['channel', 'provider', 'kind'],
      read: () => [...this.#counts.values()],
    });
  }
}
