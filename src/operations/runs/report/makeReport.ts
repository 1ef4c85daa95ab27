import { type Channel, channelNames } from '../../../channels.ts';
import type { AttemptGroup, ReceiptWord, ReportGroup } from '../../../db/runs/reportRows.ts';
import { becauseOf } from '../../explain/reasons.ts';
import { plus, times } from './decimal.ts';
import { type CheckInput, checkReport } from './reportChecks.ts';
import type { DomainFacts, ProviderFacts, ReasonFacts, Report, ReportScopeFacts } from './reportFacts.ts';
import { createSumming, isInBatch, type Summing } from './reportSums.ts';
import type { Tallied } from './reportTally.ts';

/** What one accepted message costs. */
export interface MessagePrice {
  readonly each: string;
  /** The price of an LMS; null if no setting gives it. */
  readonly eachLong: string | null;
}

export interface ReportInput extends Omit<CheckInput, 'summing'> {
  readonly scope: ReportScopeFacts;
  readonly asOf: Date;
  /** The ids of runs by their numbers. */
  readonly runIds: ReadonlyMap<number, string>;
  /** Undefined if the settings give no price. */
  readonly priceOf: (provider: string | null, channel: Channel) => MessagePrice | undefined;
  /** ISO 4217 */
  readonly priceCurrency: string;
  readonly domains: DomainFacts | null;
  readonly statements: Report['statements'];
}

/** Pure: makes the report from what was counted. */
export function makeReport(input: ReportInput): Report {
  const summing = createSumming(input.hasAmounts);
  const { groups, scope, asOf, runIds, domains } = input;
  const { sum, ends, endsBy } = summing;
  const all = ends(groups);
  const byProvider = providersOf(input, summing);
  const checks = checkReport({ ...input, summing });
  const only = (state: string) => groups.filter((group) => group.state === state);
  return {
    scope,
    asOf: asOf.toISOString(),
    isOver: all.waiting.bills + all.inProgress.bills === 0 && !groups.some(isRetried),
    batch: sum(groups.filter(isInBatch)),
    ...all,
    outside: { noRow: sum(only('noRow')), elsewhere: sum(only('elsewhere')) },
    byChannel: endsBy(groups, ({ channel }) => String(channel)).flatMap(([, facts, { channel }]) =>
      channel === null ? [] : [{ channel, ...facts }],
    ),
    byPath: endsBy(groups, ({ path }) => path.join('>')).map(([, facts, { path }]) => ({ path, ...facts })),
    byRun: endsBy(groups, ({ run }) => runIds.get(run) ?? String(run)).map(([run, facts]) => ({
      run,
      ...facts,
    })),
    byReason: reasonsOf(input, summing),
    byProvider,
    receipts: receiptsOf(input, summing),
    cost: costOf(byProvider, input.priceCurrency),
    domains,
    statements: input.statements,
    checks,
    addsUp: checks.every(({ ok }) => ok),
  };
}

function isRetried(group: ReportGroup): boolean {
  return group.isRetried && isInBatch(group);
}

function reasonsOf({ groups }: Tallied, { sum }: Summing): ReasonFacts[] {
  const withReason = groups.filter(
    ({ state }) => state === 'failed' || state === 'cancelled' || state === 'inDoubt',
  );
  const byReason = Map.groupBy(withReason, ({ state, reason }) => JSON.stringify([state, reason]));
  return [...byReason.values()]
    .flatMap((alike) => {
      const [first] = alike;
      if (first === undefined || !isInBatch(first)) return [];
      const retried = sum(alike.filter(({ isRetried }) => isRetried)).bills;
      const { state, reason } = first;
      return [{ state, reason, meaning: becauseOf(reason) ?? null, retried, ...sum(alike) } as ReasonFacts];
    })
    .sort((a, b) => b.bills - a.bills);
}

function receiptsOf({ groups }: Tallied, { sum }: Summing): Report['receipts'] {
  const words: readonly ReceiptWord[] = ['confirmed', 'relayed', 'bounced', 'complained', 'none'];
  return Object.fromEntries(
    words.map((word) => [
      word,
      sum(groups.filter(({ receipt, state }) => receipt === word && state === 'delivered')),
    ]),
  ) as Report['receipts'];
}

function providersOf({ groups, attempts, priceOf }: ReportInput, { sum }: Summing): ProviderFacts[] {
  const carried = groups.filter(({ state }) => state === 'delivered' || state === 'inDoubt');
  const names = new Set([...attempts, ...carried].map(({ provider }) => provider));
  return [...names].flatMap((provider) =>
    channelNames.flatMap((channel): ProviderFacts[] => {
      const tried = attempts.filter((one) => one.provider === provider && one.channel === channel);
      const bills = carried.filter((one) => one.provider === provider && one.channel === channel);
      if (tried.length + bills.length === 0) return [];
      const accepted = tried.find(({ outcome }) => outcome === 'ACCEPTED') ?? noMessages;
      const { messages, longMessages } = accepted;
      const price = priceOf(provider, channel);
      return [
        {
          provider,
          channel,
          messages,
          longMessages,
          attempts: Object.fromEntries(tried.map(({ outcome, attempts: count }) => [outcome, count])),
          delivered: sum(bills.filter(({ state }) => state === 'delivered')),
          inDoubt: sum(bills.filter(({ state }) => state === 'inDoubt')),
          price: price?.each ?? null,
          cost: price === undefined ? null : costOfMessages(price, accepted),
          costIsLeast: price !== undefined && isLeast(price, accepted),
        },
      ];
    }),
  );
}

type Accepted = Pick<AttemptGroup, 'messages' | 'longMessages' | 'answered'>;
const noMessages: Accepted = { messages: 0, longMessages: 0, answered: 0 };

function costOfMessages({ each, eachLong }: MessagePrice, { messages, longMessages }: Accepted): string {
  return plus(times(each, messages - longMessages), times(eachLong ?? each, longMessages));
}

/**
 * Whether the cost is only a minimum. If a look-up or a receipt said that a message was accepted, it is
 * unknown whether it was long.
 */
function isLeast({ each, eachLong }: MessagePrice, { messages, longMessages, answered }: Accepted): boolean {
  const unsure = messages - answered;
  return eachLong === null ? longMessages + unsure > 0 : Number(eachLong) > Number(each) && unsure > 0;
}

function costOf(providers: readonly ProviderFacts[], currency: string): Report['cost'] {
  const priced = providers.flatMap(({ cost }) => cost ?? []);
  if (priced.length === 0) return null;
  const unpriced = providers.filter(({ cost }) => cost === null);
  return {
    total: priced.reduce(plus, '0'),
    currency,
    isLeast: providers.some(({ costIsLeast, messages }) => costIsLeast && messages > 0),
    messagesWithoutPrice: unpriced.reduce((sum, { messages }) => sum + messages, 0),
  };
}
