import { type Actor, type Protocol, rowStep, withRow, withWorld } from './protocol.ts';
import type { Step } from './search.ts';
import { attemptOf, idleLookup, idleRelay, type Lookup, type Relay, type State } from './state.ts';
import {
  doubtAbandoned,
  doubtStrandedBills,
  markEventsPublished,
  republishOrphans,
  retransmitDue,
  settle,
  takeBackAbandoned,
  takeBackStrandedBills,
} from './statements.ts';
import { unlessLettered } from './surroundings.ts';

/** The relay: reads what the row owes, publishes it, marks it. It may stall or die between any two of these. */
export const relaySteps: Actor = (state, protocol) => {
  if (protocol.relay === 'atOnce') return publishAtOnce(state, protocol);
  const { relay } = state;
  const crash: Step = {
    actor: 'relay',
    does: 'crash',
    kind: 'fault',
    next: { ...state, relay: idleRelay },
  };
  const marksFirst = !protocol.stands('markAfterAcknowledgement');
  switch (relay.phase) {
    case 'idle':
      return select(state, protocol);
    case 'selected':
      return [marksFirst ? mark(state, protocol, 'halfDone') : publish(state, 'halfDone'), crash];
    case 'halfDone':
      return [marksFirst ? publish(state, 'idle') : mark(state, protocol, 'idle'), crash];
    default:
      return relay.phase satisfies never;
  }
};

const owedBy = ({ row }: State): Relay['owed'] => {
  if (row.status === 'FAILED') return 'LETTER';
  return row.status === 'PENDING' ? row.channel : 'NOTHING';
};

const select = (state: State, { stands }: Protocol): Step[] => {
  const { row } = state;
  const owes = row.publish === 'PENDING' || (row.publish === 'HELD' && !stands('held'));
  if (!owes || row.waits) return [];
  const { publishSeq, cycle } = row;
  const relay: Relay = { phase: 'selected', owed: owedBy(state), publishSeq, cycle };
  return [{ actor: 'relay', does: 'select what is owed', kind: 'work', next: { ...state, relay } }];
};

const moved = (state: State, phase: Relay['phase']): State => ({
  ...state,
  relay: phase === 'idle' ? idleRelay : { ...state.relay, phase },
});

const publish = (state: State, phase: Relay['phase']): Step => ({
  actor: 'relay',
  does: `publish ${state.relay.owed}`,
  kind: 'work',
  next: moved(published(state, state.relay), phase),
});

const published = (state: State, { owed, cycle }: Pick<Relay, 'owed' | 'cycle'>): State => {
  if (owed === 'NOTHING') return state;
  if (owed === 'LETTER') return cycle === state.row.cycle ? withWorld(state, { letter: true }) : state;
  return { ...state, events: { ...state.events, [owed]: true } };
};

const mark = (state: State, { stands }: Protocol, phase: Relay['phase']): Step => {
  const row = markEventsPublished(state.row, state.relay.publishSeq, stands) ?? state.row;
  return {
    actor: 'relay',
    does: 'markEventsPublished',
    kind: 'work',
    next: moved(withRow(state, row), phase),
  };
};

const publishAtOnce = (state: State, { stands }: Protocol): Step[] => {
  const { row } = state;
  if (row.waits) return [];
  const out = row.status === 'FAILED' ? withWorld(state, { letter: true }) : state;
  const marked = markEventsPublished(row, row.publishSeq, stands);
  return rowStep(out, marked, { actor: 'relay', does: 'markEventsPublished' });
};

/**
 * The sweeper. It may find anybody's claim abandoned at any time: a stalled owner's heartbeat is as old as a dead
 * one's. Only its lookup takes more than one statement.
 */
export const sweeperSteps: Actor = (state, protocol) => {
  const { row } = state;
  const { stands, relay, cycles } = protocol;
  const sweeper = (does: string) => ({ actor: 'sweeper', does });
  const orphan = relay === 'stepwise' && stands('orphanWalk') ? republishOrphans(row) : undefined;
  const again = row.cycle < cycles ? retransmitDue(row, stands) : undefined;
  return [
    ...rowStep(state, takeBackAbandoned(row, stands), sweeper('takeBackAbandoned')),
    ...rowStep(state, doubtAbandoned(row), sweeper('doubtAbandoned')),
    ...rowStep(state, takeBackStrandedBills(row, stands), sweeper('takeBackStrandedBills')),
    ...rowStep(state, doubtStrandedBills(row, stands), sweeper('doubtStrandedBills')),
    ...rowStep(state, orphan, sweeper('republishOrphans')),
    ...rowStep(unlessLettered(state), again, sweeper('retransmitDue')),
    ...(protocol.lookup === 'none' ? [] : lookupSteps(state, protocol)),
  ];
};

const lookupSteps = (state: State, protocol: Protocol): Step[] => {
  const { lookup } = state;
  switch (lookup.phase) {
    case 'idle':
      return listDoubts(state);
    case 'listed':
      return [ask(state, protocol)];
    case 'accepted':
    case 'never':
      return [conclude(state, protocol, lookup.phase)];
    default:
      return lookup.phase satisfies never;
  }
};

const lookupStep = (does: string, next: State): Step => ({ actor: 'sweeper', does, kind: 'work', next });

const listDoubts = (state: State): Step[] => {
  const { status, token, channel, cycle, pastHorizon } = state.row;
  if (status !== 'IN_DOUBT') return [];
  const lookup: Lookup = { phase: 'listed', token, channel, cycle, pastHorizon };
  return [lookupStep('list doubts', { ...state, lookup })];
};

const ask = (state: State, { lookup: worth }: Protocol): Step => {
  const { lookup, world } = state;
  const isAccepted = (world.accepted[attemptOf(lookup)] ?? 0) > 0;
  if (isAccepted) return lookupStep('lookup: accepted', { ...state, lookup: { ...lookup, phase: 'accepted' } });
  return worth === 'authoritative'
    ? lookupStep('lookup: not seen', { ...state, lookup: { ...lookup, phase: 'never' } })
    : postpone(state);
};

/** No transition: the provider is asked again later. */
const postpone = (state: State): Step => lookupStep('postponeLookups', { ...state, lookup: idleLookup });

/** Fence 4: what was read before asking is compared with the row. */
const conclude = (state: State, { stands }: Protocol, verdict: 'accepted' | 'never'): Step => {
  const { row, lookup } = state;
  const pastHorizon = stands('horizonReadBeforeLookup') ? lookup.pastHorizon : row.pastHorizon;
  if (verdict === 'never' && !pastHorizon && stands('lookupPastHorizon')) return postpone(state);
  const changed = settle(row, verdict, stands('lookupComparesToken') ? lookup.token : undefined);
  const done = { ...state, lookup: idleLookup };
  return changed === undefined
    ? lookupStep(`${verdict} won nothing`, done)
    : lookupStep(verdict, withRow(done, changed));
};
