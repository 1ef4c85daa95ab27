import type { SendStatus } from '../../src/bill.ts';
import { type Channel, perChannel } from '../../src/channels.ts';

/**
 * One state of the whole system as far as it concerns one bill: its row, the two tasks (batches of
 * dispatchers) that may carry it, the relays, the sweeper's look-up, what is in flight in networks, and what
 * is true of the world although no process can read it. Times are facts: "past the horizon", "too late to
 * send".
 */
export interface State {
  readonly row: Row;
  readonly tasks: readonly Task[];
  /** One holds the lease; the other has stalled past the end of its lease. */
  readonly relays: readonly Relay[];
  readonly lookup: Lookup;
  /** What a slow person has read of a delivery before they say what became of it. */
  readonly seen: Seen | undefined;
  /** What a receipt says, on its way to the row. */
  readonly receipt: Receipt;
  /** `early_event` holds an event of the bill. */
  readonly early: boolean;
  /** Bytes of sends that have left their process: they arrive or vanish whatever becomes of it. */
  readonly underWay: readonly (Bytes | undefined)[];
  /** Channels whose topic holds an event of the bill that may be delivered, again or for the first time. */
  readonly events: Readonly<Record<Channel, boolean>>;
  readonly world: World;
  /** Tokens are never reused; the search compares which of them are equal and no more. */
  readonly nextToken: number;
}

/** `bill_notification`. */
export interface Row {
  readonly status: SendStatus;
  readonly channel: Channel;
  /** How many channels the cycle has left. */
  readonly step: number;
  /** These channels. */
  readonly passed: readonly Channel[];
  readonly cycle: number;
  /** 0: none. */
  readonly token: number;
  readonly publish: 'HELD' | 'PENDING' | 'PUBLISHED';
  readonly publishSeq: number;
  /** `not_before` is in the future. */
  readonly waits: boolean;
  /** `handed_off_at` is longer ago than the lookup's horizon. */
  readonly pastHorizon: boolean;
  /** `retransmit_at` is set. */
  readonly retransmits: boolean;
  /** The claim's row in `claim_batch` exists. */
  readonly batch: boolean;
  /** The provider of the channel that it was last handed off to. */
  readonly provider: number;
}

export type Answer = 'accepted' | 'refused' | 'notSent' | 'unknown';

/** What one task knows of its claim. */
export interface Task {
  /**
   * `claiming`: the claim's answer was lost. `missed`: the claim won nothing, and why is asked next.
   * `owing`: see the fence `owesInSameUpdate`. `listening`: its unknown is settled, an answer may still come.
   */
  readonly phase:
    | 'idle'
    | 'claiming'
    | 'missed'
    | 'claimed'
    | 'handedOff'
    | 'givingBack'
    | 'sending'
    | Answer
    | 'listening'
    | 'owing';
  readonly token: number;
  readonly channel: Channel;
  readonly passed: readonly Channel[];
  readonly cycle: number;
  /** The provider of the channel whose turn it was at the claim. */
  readonly provider: number;
  /** The start deadline has passed. */
  readonly late: boolean;
}

export interface Relay {
  readonly phase: 'idle' | 'selected' | 'halfDone';
  readonly owed: Channel | 'LETTER' | 'NOTHING';
  readonly publishSeq: number;
  readonly cycle: number;
}

/** The sweeper's asking about a bill in doubt: what it read, then what the provider said. */
export interface Lookup {
  readonly phase: 'idle' | 'listed' | 'accepted' | 'never';
  readonly token: number;
  readonly channel: Channel;
  readonly cycle: number;
  /** Who is asked. */
  readonly provider: number;
  readonly pastHorizon: boolean;
}

export interface Seen {
  readonly token: number;
  readonly channel: Channel;
  readonly passed: readonly Channel[];
  readonly cycle: number;
}

/** A receipt under an attempt's key: stored, then compared with the row, then applied. */
export interface Receipt {
  readonly phase: 'idle' | 'stored' | 'judged';
  readonly says: 'arrived' | 'came back';
  /** Whether what it tells of was accepted: nobody can see that. */
  readonly of: 'acceptance' | 'refusal';
  readonly channel: Channel;
  readonly cycle: number;
  /** It came later than `receiptWithin`. */
  readonly isLate: boolean;
  /** The token of the row that it was compared with. */
  readonly token: number;
  readonly status: SendStatus;
}

export interface Bytes {
  readonly channel: Channel;
  readonly cycle: number;
  readonly provider: number;
  /** The task that waits for the answer; -1 if none waits any more. */
  readonly asker: number;
}

/** What is true, although no process may know it. */
export interface World {
  /** Acceptances by attempt, as `attemptOf` numbers them. */
  readonly accepted: readonly number[];
  /** By attempt, the providers that accepted it, as bits: each knows of itself only. */
  readonly acceptedBy: readonly number[];
  /** The attempts whose bounce is in the journal. */
  readonly bounced: readonly boolean[];
  /** The provider has refused a send of the row's attempt, and nobody has heard it. */
  readonly refused: boolean;
  /** A look-up has concluded that the row's attempt was never accepted: the journal says so. */
  readonly never: boolean;
  /** The row's hand-off is longer ago than `receiptWithin`. */
  readonly late: boolean;
  /** The transaction that wrote the row has committed. */
  readonly there: boolean;
  /** An event was read, won nothing of the bill, and nothing has come of it yet. */
  readonly unheeded: boolean;
  /** Somebody let the bill go: `publish`, or an event from elsewhere. */
  readonly release: boolean;
  /** Channels that have failed in this cycle: refused, bounced, or the member has no address for them. */
  readonly failed: readonly Channel[];
  /** A person said what became of the bill in this cycle. */
  readonly said: boolean;
  /** The dead letter of this cycle is in Kafka. */
  readonly letter: boolean;
  /** A step was taken that should be impossible. */
  readonly broken: '' | BrokenStep;
}

export const brokenSteps = [
  'a bill was claimed before its time',
  'a held bill was sent',
  'a message went out by a channel that the bill had left',
  'a cycle began without the dead letter of the one before',
  "a person's word about one delivery moved another",
  'a receipt that came too late moved a delivery',
] as const;

export type BrokenStep = (typeof brokenSteps)[number];

/** The channels that the model knows. A protocol uses those of its lists. */
export const channels: readonly Channel[] = ['EMAIL', 'SMS', 'ALIMTALK'];

export function attemptOf({ channel, cycle }: { channel: Channel; cycle: number }): number {
  return (cycle - 1) * channels.length + channels.indexOf(channel);
}

/** A set of channels as a number below `channelSets`. */
export function maskOf(set: readonly Channel[]): number {
  return set.reduce((mask, channel) => mask | (1 << channels.indexOf(channel)), 0);
}

export const channelSets = 1 << channels.length;

export const idleTask: Task = {
  phase: 'idle',
  token: 0,
  channel: 'EMAIL',
  passed: [],
  cycle: 1,
  provider: 0,
  late: false,
};
export const idleRelay: Relay = { phase: 'idle', owed: 'NOTHING', publishSeq: 0, cycle: 1 };
export const idleLookup: Lookup = {
  phase: 'idle',
  token: 0,
  channel: 'EMAIL',
  cycle: 1,
  provider: 0,
  pastHorizon: false,
};

export const idleReceipt: Receipt = {
  phase: 'idle',
  says: 'arrived',
  of: 'acceptance',
  channel: 'EMAIL',
  cycle: 1,
  isLate: false,
  token: 0,
  status: 'PENDING',
};

export interface Sizes {
  readonly tasks: number;
  readonly relays: number;
  /** Sends that may be in the network at a time. */
  readonly underWay: number;
  readonly publish: Row['publish'];
  /** The bill's row is not there at first, but its event may be. */
  readonly arrives?: 'late';
}

/** No search goes further. */
export const cycles = [1, 2] as const;

/** A bill as a batch wrote it. */
export function initialState(sizes: Sizes): State {
  return {
    row: {
      status: 'PENDING',
      channel: 'EMAIL',
      step: 0,
      passed: [],
      cycle: 1,
      token: 0,
      publish: sizes.publish,
      publishSeq: 0,
      waits: false,
      pastHorizon: false,
      retransmits: false,
      batch: false,
      provider: 0,
    },
    tasks: Array.from({ length: sizes.tasks }, () => idleTask),
    relays: Array.from({ length: sizes.relays }, () => idleRelay),
    lookup: idleLookup,
    seen: undefined,
    receipt: idleReceipt,
    early: false,
    underWay: Array.from({ length: sizes.underWay }, () => undefined),
    events: perChannel(() => false),
    world: {
      accepted: cycles.flatMap(() => channels.map(() => 0)),
      acceptedBy: cycles.flatMap(() => channels.map(() => 0)),
      bounced: cycles.flatMap(() => channels.map(() => false)),
      refused: false,
      never: false,
      late: false,
      there: sizes.arrives !== 'late',
      unheeded: false,
      release: sizes.publish !== 'HELD',
      failed: [],
      said: false,
      letter: false,
      broken: '',
    },
    nextToken: 1,
  };
}

export function withTask(state: State, index: number, task: Task): State {
  return {
    ...state,
    tasks: state.tasks.with(index, task),
  };
}

/** Nobody waits any more for the answer to what the task has sent. */
export function forgetAsker(state: State, asker: number): State {
  return {
    ...state,
    underWay: state.underWay.map((bytes) => (bytes?.asker === asker ? { ...bytes, asker: -1 } : bytes)),
  };
}
