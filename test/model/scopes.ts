import { type Fence, without } from './fences.ts';
import { type Rule, rulesOf } from './modelRules.ts';
import type { ChannelList, Protocol } from './protocol.ts';
import { type Findings, search } from './search.ts';
import type { Sizes } from './state.ts';

type Scope = Omit<Protocol, 'stands'> & Sizes;

const oneStep: readonly ChannelList[] = [['EMAIL']];
const twoSteps: readonly ChannelList[] = [['EMAIL', 'SMS']];
const threeSteps: readonly ChannelList[] = [['EMAIL', 'ALIMTALK', 'SMS']];

/** Each looks closely at a part: all of it at once would be a few hundred million states. */
const scopes = {
  /** Two tasks and a provider whose "never" counts. */
  resending: {
    tasks: 2,
    relays: 1,
    underWay: 2,
    publish: 'PENDING',
    lookup: 'authoritative',
    cycles: 1,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'atOnce',
    persons: false,
    hearsLate: false,
    secondSends: false,
    receipts: false,
  },
  /** Two providers of one channel, each of which knows only what it has accepted itself. */
  failingOver: {
    tasks: 2,
    relays: 1,
    underWay: 2,
    publish: 'PENDING',
    lookup: 'authoritative',
    cycles: 1,
    providers: 2,
    lists: oneStep,
    mayStay: false,
    relay: 'atOnce',
    persons: false,
    hearsLate: false,
    secondSends: false,
    receipts: false,
  },
  /** Two tasks, two cycles, persons, and a provider that remembers nothing. */
  resolving: {
    tasks: 2,
    relays: 1,
    underWay: 2,
    publish: 'PENDING',
    lookup: 'none',
    cycles: 2,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'atOnce',
    persons: true,
    hearsLate: false,
    secondSends: false,
    receipts: false,
  },
  /** Two tasks and the relay's every step; Kafka loses events. */
  publishing: {
    tasks: 2,
    relays: 1,
    underWay: 2,
    publish: 'HELD',
    lookup: 'advisory',
    cycles: 1,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'stepwise',
    persons: true,
    hearsLate: false,
    secondSends: false,
    receipts: false,
  },
  /** Two relays at a time, one of which has stalled. */
  relaying: {
    tasks: 1,
    relays: 2,
    underWay: 1,
    publish: 'HELD',
    lookup: 'none',
    cycles: 1,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'stepwise',
    persons: true,
    hearsLate: false,
    secondSends: false,
    receipts: false,
  },
  /** One task through two cycles, with the relay's every step. */
  retransmitting: {
    tasks: 1,
    relays: 1,
    underWay: 2,
    publish: 'HELD',
    lookup: 'none',
    cycles: 2,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'stepwise',
    persons: true,
    hearsLate: false,
    secondSends: false,
    receipts: false,
  },
  /** Persons send again what was delivered, enter bounces, and turn SMS back to e-mail. */
  sendingAgain: {
    tasks: 2,
    relays: 1,
    underWay: 2,
    publish: 'PENDING',
    lookup: 'none',
    cycles: 2,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'atOnce',
    persons: false,
    hearsLate: false,
    secondSends: true,
    receipts: false,
  },
  /** Three channels in a row, each of which may be refused, bounce, or lack an address. */
  climbing: {
    tasks: 2,
    relays: 1,
    underWay: 2,
    publish: 'PENDING',
    lookup: 'none',
    cycles: 1,
    providers: 1,
    lists: threeSteps,
    mayStay: true,
    relay: 'atOnce',
    persons: false,
    hearsLate: false,
    secondSends: true,
    receipts: false,
  },
  /** Two processes with the channels in another order each, as while `CHANNELS` is changed. */
  reordering: {
    tasks: 1,
    relays: 1,
    underWay: 2,
    publish: 'PENDING',
    lookup: 'none',
    cycles: 2,
    providers: 1,
    lists: [
      ['EMAIL', 'SMS'],
      ['SMS', 'EMAIL'],
    ],
    mayStay: false,
    relay: 'atOnce',
    persons: false,
    hearsLate: false,
    secondSends: true,
    receipts: false,
  },
  /** Two tasks that go on listening after they have said "unknown", two cycles, persons. */
  hearingLate: {
    tasks: 2,
    relays: 1,
    underWay: 2,
    publish: 'PENDING',
    lookup: 'none',
    cycles: 2,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'atOnce',
    persons: true,
    hearsLate: true,
    secondSends: false,
    receipts: false,
  },
  /** Receipts at any time, of a provider whose "never" counts. */
  receiving: {
    tasks: 1,
    relays: 1,
    underWay: 1,
    publish: 'PENDING',
    lookup: 'authoritative',
    cycles: 1,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'atOnce',
    persons: false,
    hearsLate: false,
    secondSends: false,
    receipts: true,
  },
  /** The same over two cycles. */
  receivingAgain: {
    tasks: 1,
    relays: 1,
    underWay: 1,
    publish: 'PENDING',
    lookup: 'none',
    cycles: 2,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'atOnce',
    persons: false,
    hearsLate: false,
    secondSends: false,
    receipts: true,
  },
  /** An event is there before the row of its bill. */
  arriving: {
    tasks: 2,
    relays: 1,
    underWay: 1,
    publish: 'HELD',
    lookup: 'none',
    cycles: 1,
    providers: 1,
    lists: twoSteps,
    mayStay: false,
    relay: 'stepwise',
    persons: false,
    hearsLate: false,
    secondSends: false,
    receipts: false,
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
