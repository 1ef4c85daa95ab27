import type { Channel } from '../../src/channels.ts';
import type { Standing } from './fences.ts';
import type { Step } from './search.ts';
import { attemptOf, type BrokenStep, type Row, type State, type World } from './state.ts';

/** Which protocol is searched, and how far. */
export interface Protocol {
  readonly stands: Standing;
  /** How far the provider's look-up can be trusted. No provider deduplicates. */
  readonly lookup: 'authoritative' | 'advisory' | 'none';
  readonly cycles: number;
  /** Providers per channel. A claim may take any of them: the brake says which one works. */
  readonly providers: 1 | 2;
  /** `CHANNELS` of each process: each decision may be made by any of them. */
  readonly lists: readonly ChannelList[];
  /** A failure may end the cycle although there is a next channel (`CHANNEL_<NAME>_ESCALATES`). */
  readonly mayStay: boolean;
  /** `atOnce`: publishing is one step, and any event may be delivered at any time. */
  readonly relay: 'stepwise' | 'atOnce';
  readonly persons: boolean;
  /** A task goes on listening after it has said "unknown", as an SMTP connection does. */
  readonly hearsLate: boolean;
  /** Persons move bills that were delivered, too, and turn bills back to the first channel. */
  readonly secondSends: boolean;
  /** The provider sends receipts. */
  readonly receipts: boolean;
}

export type ChannelList = readonly [Channel, ...Channel[]];

/** The channels with which a cycle may begin. */
export function firstsOf({ lists }: Protocol): Channel[] {
  return [...new Set(lists.map(([first]) => first))];
}

/** Where a bill may go on; undefined: nowhere. */
export function nextsOf(
  { lists, stands, mayStay }: Protocol,
  { channel, passed }: Pick<Row, 'channel' | 'passed'>,
): (Channel | undefined)[] {
  const nexts = lists.map((list) =>
    list
      .slice(list.indexOf(channel) + 1)
      .find((next) => !passed.includes(next) || !stands('passedIsSkipped')),
  );
  return [...new Set(mayStay ? [...nexts, undefined] : nexts)];
}

export type Actor = (state: State, protocol: Protocol) => Step[];

/** The state with a changed row; facts of a cycle end with it. */
export function withRow(state: State, row: Row): State {
  return {
    ...state,
    row: tidy(row),
    world: {
      ...state.world,
      ...(row.cycle === state.row.cycle ? {} : { failed: [], said: false, letter: false }),
      ...(attemptOf(row) === attemptOf(state.row) ? {} : { refused: false, never: false }),
      late: state.world.late && row.token === state.row.token && row.status !== 'SENT',
      unheeded: state.world.unheeded && row.status === 'PENDING' && row.publish === 'HELD',
    },
  };
}

/** States that differ only in facts that no longer matter count as one. */
function tidy(row: Row): Row {
  const isClaimed = row.status === 'SENDING' || row.status === 'SENT';
  const isHandedOff = row.status === 'SENT' || row.status === 'IN_DOUBT';
  const provider = isHandedOff ? row.provider : 0;
  return { ...row, batch: row.batch && isClaimed, pastHorizon: row.pastHorizon && isHandedOff, provider };
}

export function withWorld(state: State, facts: Partial<World>): State {
  return {
    ...state,
    world: { ...state.world, ...facts },
  };
}

export function broken(state: State, rule: BrokenStep): State {
  return state.world.broken === '' ? withWorld(state, { broken: rule }) : state;
}

/** The bill certainly failed by this channel. It is remembered only if that lets the bill go on. */
export function withFailure(
  state: State,
  protocol: Protocol,
  { channel, passed }: Pick<Row, 'channel' | 'passed'>,
): State {
  const { failed } = state.world;
  if (failed.includes(channel)) return state;
  return nextsOf(protocol, { channel, passed }).some((next) => next !== undefined)
    ? withWorld(state, { failed: [...failed, channel] })
    : state;
}

/** A step that is one statement on the row, if it changes the row. */
export function rowStep(
  state: State,
  row: Row | undefined,
  { actor, does, kind = 'work' }: { actor: string; does: string; kind?: Step['kind'] },
): Step[] {
  return row === undefined ? [] : [{ actor, does, kind, next: withRow(state, row) }];
}
