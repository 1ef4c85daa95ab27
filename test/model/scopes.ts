import { type Fence, without } from './fences.ts';
import { type Rule, rulesOf } from './modelRules.ts';
import type { ChannelList, Protocol } from './protocol.ts';
import { type Findings, search } from './search.ts';
import type { Sizes } from './state.ts';

type Scope = Omit<Protocol, 'stands'> & Sizes;

const oneStep: readonly ChannelList[] = [['EMAIL']];
const twoSteps: readonly ChannelList[] = [['EMAIL', 'SMS']];
const threeSteps: readonly ChannelList[] = [['EMAIL', 'ALIMTALK', 'SMS']];

/** What most scopes have. */
const usual = {
  tasks: 1,
  relays: 1,
  underWay: 2,
  publish: 'PENDING',
  lookup: 'none',
  cycles: 1,
  providers: 1,
  lists: twoSteps,
  mayStay: false,
  relay: 'atOnce',
  persons: false,
  hearsLate: false,
  secondSends: false,
  receipts: false,
} as const satisfies Scope;

/** Each looks closely at a part: all of it at once would be a few hundred million states. */
const scopes = {
  /** Two tasks and a provider whose "never" counts. */
  resending: {
    ...usual,
    tasks: 2,
    lookup: 'authoritative',
  },
  /** Two providers of one channel, each of which knows only what it has accepted itself. */
  failingOver: {
    ...usual,
    tasks: 2,
    lookup: 'authoritative',
    providers: 2,
    lists: oneStep,
  },
  /** Two tasks, two cycles, persons, and a provider that remembers nothing. */
  resolving: {
    ...usual,
    tasks: 2,
    cycles: 2,
    persons: true,
  },
  /** Two tasks and the relay's every step; Kafka loses events. */
  publishing: {
    ...usual,
    tasks: 2,
    publish: 'HELD',
    lookup: 'advisory',
    relay: 'stepwise',
    persons: true,
  },
  /** Two relays at a time, one of which has stalled. */
  relaying: {
    ...usual,
    relays: 2,
    underWay: 1,
    publish: 'HELD',
    relay: 'stepwise',
    persons: true,
  },
  /** One task through two cycles, with the relay's every step. */
  retransmitting: {
    ...usual,
    publish: 'HELD',
    cycles: 2,
    relay: 'stepwise',
    persons: true,
  },
  /** Persons send again what was delivered, enter bounces, and turn SMS back to e-mail. */
  sendingAgain: {
    ...usual,
    tasks: 2,
    cycles: 2,
    secondSends: true,
  },
  /** Three channels in a row, each of which may be refused, bounce, or lack an address. */
  climbing: {
    ...usual,
    tasks: 2,
    lists: threeSteps,
    mayStay: true,
    secondSends: true,
  },
  /** Two processes with the channels in another order each, as while `CHANNELS` is changed. */
  reordering: {
    ...usual,
    cycles: 2,
    lists: [
      ['EMAIL', 'SMS'],
      ['SMS', 'EMAIL'],
    ],
    secondSends: true,
  },
  /** Two tasks that go on listening after they have said "unknown", two cycles, persons. */
  hearingLate: {
    ...usual,
    tasks: 2,
    cycles: 2,
    persons: true,
    hearsLate: true,
  },
  /** Receipts at any time, of a provider whose "never" counts. */
  receiving: {
    ...usual,
    underWay: 1,
    lookup: 'authoritative',
    receipts: true,
  },
  /** The same over two cycles. */
  receivingAgain: {
    ...usual,
    underWay: 1,
    cycles: 2,
    receipts: true,
  },
  /** An event is there before the row of its bill. */
  arriving: {
    ...usual,
    tasks: 2,
    underWay: 1,
    publish: 'HELD',
    relay: 'stepwise',
    arrives: 'late',
  },
} as const satisfies Record<string, Scope>;

export type ScopeName = keyof typeof scopes;

export const scopeNames = Object.keys(scopes) as ScopeName[];

/** Searches one scope, with fences removed if need be, for a breach of any rule or of one only. */
export function searchScope(name: ScopeName, removed: readonly Fence[] = [], only?: Rule): Findings {
  const scope = scopes[name];
  return search(rulesOf({ ...scope, stands: without(...removed) }, scope, only));
}
