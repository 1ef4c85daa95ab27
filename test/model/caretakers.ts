import {
  doubtAbandoned,
  doubtStrandedBills,
  markEventsPublished,
  refuseUnsendable,
  releaseEarlyBills,
  republishOrphans,
  retransmitDue,
  settle,
  takeBackAbandoned,
  takeBackStrandedBills,
} from './modelStatements.ts';
import { type Actor, firstsOf, type Protocol, rowStep, withRow, withWorld } from './protocol.ts';
import type { Step } from './search.ts';
import { attemptOf, idleLookup, idleRelay, type Lookup, type Relay, type State } from './state.ts';
import { unlessLettered } from './surroundings.ts';

/**
 * The relay: reads what the row owes, publishes it, marks it. It may stall or die between any two of these.
 */
export const relaySteps: Actor = (state, protocol) => {
  if (protocol.relay === 'atOnce') return publishAtOnce(state, protocol);
  return state.relays.flatMap((relay, index) => roundOf({ state, protocol, relay, index }));
};

interface Turn {
  readonly state: State;
  readonly protocol: Protocol;
  readonly relay: Relay;
  readonly index: number;
}

function roundOf(turn: Turn): Step[] {
  const { relay, protocol } = turn;
  const marksFirst = !protocol.stands('markAfterAcknowledgement');
  switch (relay.phase) {
    case 'idle':
      return select(turn);
    case 'selected':
      return [marksFirst ? mark(turn, 'halfDone') : publish(turn, 'halfDone'), crash(turn), ...refuse(turn)];
    case 'halfDone':
      return [marksFirst ? publish(turn, 'idle') : mark(turn, 'idle'), crash(turn)];
    default:
      return relay.phase satisfies never;
  }
}

function nameOf(index: number): string {
  return index === 0 ? 'relay' : 'other relay';
}

function withRelay({ relay, index }: Turn, state: State, phase: Relay['phase']): State {
  return {
    ...state,
    relays: state.relays.with(index, phase === 'idle' ? idleRelay : { ...relay, phase }),
  };
}

function crash(turn: Turn): Step {
  return {
    actor: nameOf(turn.index),
    does: 'crash',
    kind: 'fault',
    next: withRelay(turn, turn.state, 'idle'),
  };
}

/** The bill may be one that no event can name. */
function refuse(turn: Turn): Step[] {
  const refused = refuseUnsendable(turn.state.row, turn.relay.publishSeq);
  if (refused === undefined) return [];
  const next = withRelay(turn, withRow(turn.state, refused), 'idle');
  return [{ actor: nameOf(turn.index), does: 'refuseUnsendable', kind: 'person', next }];
}

function owedBy({ row }: State): Relay['owed'] {
  if (row.status === 'FAILED') return 'LETTER';
  return row.status === 'PENDING' ? row.channel : 'NOTHING';
}

function select({ state, protocol, index }: Turn): Step[] {
  const { row } = state;
  const owes = row.publish === 'PENDING' || (row.publish === 'HELD' && !protocol.stands('held'));
  if (!owes || row.waits) return [];
  const { publishSeq, cycle } = row;
  const relay: Relay = { phase: 'selected', owed: owedBy(state), publishSeq, cycle };
  const next = { ...state, relays: state.relays.with(index, relay) };
  return [{ actor: nameOf(index), does: 'select what is owed', kind: 'work', next }];
}

function publish(turn: Turn, phase: Relay['phase']): Step {
  return {
    actor: nameOf(turn.index),
    does: `publish ${turn.relay.owed}`,
    kind: 'work',
    next: withRelay(turn, published(turn.state, turn.relay), phase),
  };
}

function published(state: State, { owed, cycle }: Pick<Relay, 'owed' | 'cycle'>): State {
  if (owed === 'NOTHING') return state;
  if (owed === 'LETTER') return cycle === state.row.cycle ? withWorld(state, { letter: true }) : state;
  return { ...state, events: { ...state.events, [owed]: true } };
}

function mark(turn: Turn, phase: Relay['phase']): Step {
  const { state, protocol, relay, index } = turn;
  const row = markEventsPublished(state.row, relay.publishSeq, protocol.stands) ?? state.row;
  return {
    actor: nameOf(index),
    does: 'markEventsPublished',
    kind: 'work',
    next: withRelay(turn, withRow(state, row), phase),
  };
}

function publishAtOnce(state: State, { stands }: Protocol): Step[] {
  const { row } = state;
  if (row.waits) return [];
  const out = row.status === 'FAILED' ? withWorld(state, { letter: true }) : state;
  const marked = markEventsPublished(row, row.publishSeq, stands);
  return rowStep(out, marked, { actor: 'relay', does: 'markEventsPublished' });
}

/**
 * The sweeper. It may find anybody's claim abandoned at any time: a stalled owner's heartbeat is as old as a
 * dead one's. Only its lookup takes more than one statement.
 */
export const sweeperSteps: Actor = (state, protocol) => {
  const { row } = state;
  const { stands, relay, cycles } = protocol;
  const sweeper = (does: string) => ({ actor: 'sweeper', does });
  const orphan = relay === 'stepwise' && stands('orphanWalk') ? republishOrphans(row) : undefined;
  const again =
    row.cycle < cycles ? firstsOf(protocol).map((first) => retransmitDue(row, first, stands)) : [];
  return [
    ...rowStep(state, takeBackAbandoned(row, stands), sweeper('takeBackAbandoned')),
    ...rowStep(state, doubtAbandoned(row), sweeper('doubtAbandoned')),
    ...rowStep(state, takeBackStrandedBills(row, stands), sweeper('takeBackStrandedBills')),
    ...rowStep(state, doubtStrandedBills(row, stands), sweeper('doubtStrandedBills')),
    ...rowStep(state, orphan, sweeper('republishOrphans')),
    ...again.flatMap((next) => rowStep(unlessLettered(state), next, sweeper('retransmitDue'))),
    ...releaseEarly(state),
    ...(protocol.lookup === 'none' ? [] : lookupSteps(state, protocol)),
  ];
};

/** Whatever the row says, the event is done with: it has let the row go, or somebody else has. */
function releaseEarly(state: State): Step[] {
  if (!state.early) return [];
  const next = withRow({ ...state, early: false }, releaseEarlyBills(state.row) ?? state.row);
  return [{ actor: 'sweeper', does: 'releaseEarlyBills', kind: 'work', next }];
}

function lookupSteps(state: State, protocol: Protocol): Step[] {
  const { lookup } = state;
  switch (lookup.phase) {
    case 'idle':
      return listDoubts(state, protocol);
    case 'listed':
      return [ask(state, protocol), ...lies(state, protocol)];
    case 'accepted':
    case 'never':
      return [conclude(state, protocol, lookup.phase)];
    default:
      return lookup.phase satisfies never;
  }
}

function lookupStep(does: string, next: State): Step {
  return { actor: 'sweeper', does, kind: 'work', next };
}

function listDoubts(state: State, { stands, providers }: Protocol): Step[] {
  const { status, token, channel, cycle, provider, pastHorizon } = state.row;
  if (status !== 'IN_DOUBT') return [];
  const asked = stands('lookupAsksItsProvider') ? provider : providers - 1 - provider;
  const lookup: Lookup = { phase: 'listed', token, channel, cycle, provider: asked, pastHorizon };
  return [lookupStep('list doubts', { ...state, lookup })];
}

function ask(state: State, { lookup: worth }: Protocol): Step {
  const { lookup, world } = state;
  const isAccepted = ((world.acceptedBy[attemptOf(lookup)] ?? 0) & (1 << lookup.provider)) > 0;
  if (isAccepted) {
    return lookupStep('lookup: accepted', {
      ...state,
      lookup: { ...lookup, phase: 'accepted', provider: 0 },
    });
  }
  return worth === 'authoritative'
    ? lookupStep('lookup: not seen', { ...state, lookup: { ...lookup, phase: 'never', provider: 0 } })
    : postpone(state);
}

/** The look-up lies: an ingress answers for the gateway, and says the same of every bill. */
function lies(state: State, { stands }: Protocol): Step[] {
  const hears = (does: string, phase: Lookup['phase']): Step => ({
    actor: 'ingress',
    does,
    kind: 'fault' as const,
    next: stands('lookupNamesKey')
      ? { ...state, lookup: idleLookup }
      : { ...state, lookup: { ...state.lookup, phase } },
  });
  return [hears('says 200 to the lookup', 'accepted'), hears('says 404 to the lookup', 'never')];
}

/** No transition: the provider is asked again later. */
function postpone(state: State): Step {
  return lookupStep('postponeLookups', { ...state, lookup: idleLookup });
}

/** Fence 4: what was read before asking is compared with the row. */
function conclude(state: State, protocol: Protocol, verdict: 'accepted' | 'never'): Step {
  const { stands } = protocol;
  const { row, lookup } = state;
  const pastHorizon = stands('horizonReadBeforeLookup') ? lookup.pastHorizon : row.pastHorizon;
  if (verdict === 'never' && !pastHorizon && stands('lookupPastHorizon')) return postpone(state);
  const changed = settle(row, verdict, { token: stands('lookupComparesToken') ? lookup.token : undefined });
  const done = { ...state, lookup: idleLookup };
  return changed === undefined
    ? lookupStep(`${verdict} won nothing`, done)
    : lookupStep(verdict, withRow(verdict === 'never' ? withNever(done, protocol) : done, changed));
}

/** The journal says so. Only a receipt asks for it. */
function withNever(state: State, { receipts }: Protocol): State {
  return receipts ? withWorld(state, { never: true }) : state;
}
