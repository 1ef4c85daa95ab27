import type { MessageForm } from '../../channelModule.ts';
import type { Channel } from '../../channels.ts';
import { type MessagePrices, priceOf } from '../../policy/messagePrice.ts';
import type { ProviderShares } from '../../providers/providerShares.ts';

/** Messages of one channel and form. */
export interface MessageCount {
  readonly channel: Channel;
  readonly form: MessageForm;
  readonly messages: number;
}

export interface CostLine extends MessageCount {
  readonly provider: string;
  /** The price of one message; null if no setting gives it. */
  readonly price: number | null;
  readonly cost: number | null;
}

export interface ExpectedCost {
  /** ISO 4217. */
  readonly currency: string;
  /** The cost of all messages that have a price; null if none has. */
  readonly total: number | null;
  /** Messages without a price: they are not in `total`. */
  readonly unpriced: number;
  readonly lines: readonly CostLine[];
}

/** Pure: the cost of the messages if each is accepted. Several providers share them by their weights. */
export function expectedCost(
  counts: readonly MessageCount[],
  { prices, shares }: { readonly prices: MessagePrices; readonly shares: ProviderShares },
): ExpectedCost {
  const lines = counts.flatMap((count) => linesOf(count, { prices, shares }));
  const priced = lines.filter(({ cost }) => cost !== null);
  return {
    currency: prices.currency,
    total: priced.length === 0 ? null : rounded(priced.reduce((sum, { cost }) => sum + (cost ?? 0), 0)),
    unpriced: lines.reduce((sum, { messages, cost }) => sum + (cost === null ? messages : 0), 0),
    lines,
  };
}

function linesOf(
  { channel, form, messages }: MessageCount,
  { prices, shares }: { readonly prices: MessagePrices; readonly shares: ProviderShares },
): CostLine[] {
  const ofChannel = shares[channel];
  const weights = ofChannel.reduce((sum, { weight }) => sum + weight, 0);
  let [left, weightLeft] = [messages, weights];
  return ofChannel.map(({ name: provider, weight }) => {
    const part = Math.round((left * weight) / weightLeft);
    left -= part;
    weightLeft -= weight;
    const price = priceOf(prices, { channel, form, provider }) ?? null;
    return {
      channel,
      form,
      provider,
      messages: part,
      price,
      cost: price === null ? null : rounded(part * price),
    };
  });
}

/** Rounds away the errors of binary fractions: prices may have fractions of a won. */
function rounded(amount: number): number {
  return Math.round(amount * 100) / 100;
}
