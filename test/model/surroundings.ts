import type { Channel } from '../../src/channels.ts';
import type { DoubtVerdict } from '../../src/db/transitions/resolveBills.ts';
import {
  bounceAs,
  cancelAs,
  createRelease,
  releaseCanary,
  releaseNamed,
  releaseRest,
  resendAs,
  resolveAs,
  retryAs,
  turnBackAs,
} from './modelStatements.ts';
import {
  type Actor,
  broken,
  firstsOf,
  nextsOf,
  type Protocol,
  rowStep,
  withFailure,
  withRow,
  withWorld,
} from './protocol.ts';
import type { Step } from './search.ts';
import {
  type Answer,
  attemptOf,
  type Bytes,
  channels,
  forgetAsker,
  type Seen,
  type State,
  withTask,
} from './state.ts';

/** A provider that deduplicates nothing: whatever bytes arrive, it may accept, refuse or turn away. */
export const providerSteps: Actor = (state, protocol) =>
  state.underWay.flatMap((bytes, slot) =>
    bytes === undefined
      ? []
      : [...arrivals({ state, bytes, slot, protocol }), ...proxyAnswers(state, bytes, protocol)],
  );

/** A proxy has passed the request on, perhaps, and answers before the provider does. */
function proxyAnswers(state: State, bytes: Bytes, { stands }: Protocol): Step[] {
  const asker = state.tasks[bytes.asker];
  if (asker === undefined) return [];
  const alone = forgetAsker(state, bytes.asker);
  const hears = (does: string, phase: Answer): Step => ({
    actor: 'proxy',
    does,
    kind: 'fault' as const,
    next: withTask(alone, bytes.asker, { ...asker, phase: stands('answerProves') ? 'unknown' : phase }),
  });
  return [hears('says 200', 'accepted'), hears('says 503', 'notSent')];
}

interface Arrival {
  readonly state: State;
  readonly bytes: Bytes;
  readonly slot: number;
  readonly protocol: Protocol;
}

function arrivals({ state, bytes, slot, protocol }: Arrival): Step[] {
  const gone = { ...state, underWay: state.underWay.with(slot, undefined) };
  const attempt = attemptOf(bytes);
  const { channel, cycle } = bytes;
  const { passed } = state.row;
  const refused = cycle === state.row.cycle ? withFailure(gone, protocol, { channel, passed }) : gone;
  const silently = attempt === attemptOf(state.row) ? withWorld(refused, { refused: true }) : refused;
  const accepted = withWorld(gone, {
    accepted: gone.world.accepted.map((count, index) => (index === attempt ? count + 1 : count)),
    acceptedBy: gone.world.acceptedBy.map((by, index) =>
      index === attempt ? by | (1 << bytes.provider) : by,
    ),
  });
  const work = (does: string, next: State): Step => ({ actor: 'provider', does, kind: 'work', next });
  const fault = (does: string, next: State): Step => ({ actor: 'provider', does, kind: 'fault', next });
  const unheard = [
    fault('accepts unheard', accepted),
    work('never gets it', gone),
    ...(protocol.receipts ? [fault('refuses unheard', silently)] : []),
  ];
  const asker = state.tasks[bytes.asker];
  if (asker === undefined) return unheard;
  const hears = (from: State, phase: 'accepted' | 'refused' | 'notSent'): State =>
    withTask(from, bytes.asker, { ...asker, phase });
  return [
    ...unheard,
    work('accepts', hears(accepted, 'accepted')),
    work('refuses', hears(refused, 'refused')),
    work('turns it away for now', hears(gone, 'notSent')),
  ];
}

/**
 * Time. The horizon is longer than the start deadline and the longest send together. When it has passed, a
 * task with that hand-off is too late to send, and nothing of that attempt is in flight any more.
 */
export const timeSteps: Actor = (state, { lookup }) => {
  const { row } = state;
  const due = row.waits ? { ...row, waits: false } : undefined;
  return [
    ...rowStep(state, due, { actor: 'time', does: 'the bill is due' }),
    ...(lookup === 'authoritative' ? horizonPasses(state) : []),
  ];
};

function horizonPasses(state: State): Step[] {
  const { row } = state;
  if ((row.status !== 'SENT' && row.status !== 'IN_DOUBT') || row.pastHorizon) return [];
  if (state.underWay.some((bytes) => bytes !== undefined && attemptOf(bytes) === attemptOf(row))) return [];
  const passed = withRow(state, { ...row, pastHorizon: true });
  const tasks = state.tasks.map((task) =>
    task.token === row.token && (task.phase === 'claimed' || task.phase === 'handedOff')
      ? { ...task, late: true }
      : task,
  );
  return [{ actor: 'time', does: 'the horizon passes', kind: 'work', next: { ...passed, tasks } }];
}

/** What may be lost beside processes and answers: events, a claim's batch row, and what is not durable. */
export const faultSteps: Actor = (state, { stands, relay }) => {
  const { row } = state;
  const lost = channels.flatMap((channel): Step[] =>
    relay === 'stepwise' && state.events[channel]
      ? [
          {
            actor: 'Kafka',
            does: `loses or lets pass the ${channel} event`,
            kind: 'fault',
            next: { ...state, events: { ...state.events, [channel]: false } },
          },
        ]
      : [],
  );
  const batchless = row.batch ? { ...row, batch: false } : undefined;
  const forgotten =
    row.status === 'SENT' && !stands('handOffDurable') ? { ...row, status: 'SENDING' as const } : undefined;
  return [
    ...lost,
    ...rowStep(state, batchless, { actor: 'server', does: 'the batch row is lost', kind: 'fault' }),
    ...rowStep(state, forgotten, { actor: 'server', does: 'forgets the hand-off', kind: 'fault' }),
  ];
};

/** What persons and other systems may do, and need not. */
export const personSteps: Actor = (state, protocol) => {
  const { stands, persons, cycles } = protocol;
  const { row } = state;
  const person = (does: string) => ({ actor: 'person', does, kind: 'person' as const });
  // A run's keeper releases for the person who started the run.
  const keeper = (does: string) => ({ actor: 'run keeper', does, kind: 'person' as const });
  const release = withWorld(state, { release: true });
  const steps = [
    ...rowStep(release, createRelease(row), person('createRelease')),
    ...rowStep(release, releaseNamed(row), person('releaseNamed')),
    ...rowStep(release, releaseCanary(row), keeper('releaseCanary')),
    ...rowStep(release, releaseRest(row), keeper('releaseRest')),
    ...foreignEvent(release),
  ];
  if (protocol.secondSends) steps.push(...secondSends(state, protocol));
  if (!persons) return steps;
  const hasNext = row.cycle < cycles;
  const firsts = firstsOf(protocol);
  return [
    ...steps,
    ...rowStep(state, cancelAs(row), person('cancelAs')),
    ...(hasNext ? firsts : []).flatMap((first) =>
      rowStep(unlessLettered(state), retryAs(row, first, stands), person('retryAs')),
    ),
    ...firsts.flatMap((first) => resolutions(state, first, protocol)),
  ];
};

/** The order of a channel is nothing to those that end the bill. */
function resolutions(state: State, first: Channel, { stands, cycles }: Protocol): Step[] {
  const { row } = state;
  const said = withWorld(state, { said: true });
  const resolved = (verdict: DoubtVerdict) => resolveAs(row, { verdict, first }, stands);
  const person = (does: string) => ({ actor: 'person', does, kind: 'person' as const });
  return [
    ...rowStep(said, resolved('delivered'), person('resolveAs delivered')),
    ...rowStep(said, resolved('failed'), person('resolveAs failed')),
    ...rowStep(state, row.cycle < cycles ? resolved('resend') : undefined, person('resolveAs resend')),
  ];
}

/**
 * A second sending: by a person who acts at once on what they see, and by one who acts on what they saw
 * earlier.
 */
function secondSends(state: State, protocol: Protocol): Step[] {
  const { row, seen } = state;
  const person = { actor: 'person', kind: 'person' as const };
  const steps = firstsOf(protocol).flatMap((first) => {
    const turned = row.cycle < protocol.cycles ? turnBackAs(row, first, protocol.stands) : undefined;
    return rowStep(state, turned, { ...person, does: 'turnBackAs' });
  });
  if (seen !== undefined) steps.push(...sayOf(seen, state, { protocol, actor: 'slow person' }));
  if (row.status !== 'DELIVERED') return steps;
  steps.push(...sayOf(row, state, { protocol, actor: 'person' }));
  const { token, channel, passed, cycle } = row;
  if (seen === undefined) {
    steps.push({
      actor: 'slow person',
      does: 'looks',
      kind: 'person',
      next: { ...state, seen: { token, channel, passed, cycle } },
    });
  }
  return steps;
}

/**
 * What a person says of one delivery: send it again, or that it has bounced, which only an acceptance can.
 */
function sayOf(
  about: Seen,
  state: State,
  { protocol, actor }: { readonly protocol: Protocol; readonly actor: string },
): Step[] {
  const { row, world } = state;
  const { token } = about;
  const isAnother = about.cycle !== row.cycle || about.channel !== row.channel;
  const said = isAnother ? broken(state, "a person's word about one delivery moved another") : state;
  const heard = actor === 'person' ? said : { ...said, seen: undefined };
  const person = (does: string) => ({ actor, does, kind: 'person' as const });
  const again = row.cycle < protocol.cycles ? firstsOf(protocol) : [];
  const hasBounced = (world.accepted[attemptOf(about)] ?? 0) > 0;
  const nexts = hasBounced ? nextsOf(protocol, about) : [];
  const bounced = withFailure(
    withWorld(heard, { bounced: world.bounced.with(attemptOf(about), true) }),
    protocol,
    about,
  );
  return [
    ...again.flatMap((to) =>
      rowStep(heard, resendAs(row, { token, to }, protocol.stands), person('resendAs')),
    ),
    ...nexts.flatMap((to) =>
      to === undefined
        ? []
        : rowStep(bounced, bounceAs(row, { token, to }, protocol.stands), person('bounceAs')),
    ),
  ];
}

/** Before the row is there: another system writes it, its event comes, and the sweeper gives the event up. */
export const arrivalSteps: Actor = (state) => {
  const { world, early } = state;
  const release = withWorld(state, { release: true });
  const lettered = early && world.unheeded ? withWorld(state, { unheeded: false }) : undefined;
  const forgotten = early && !world.unheeded ? { ...state, early: false } : undefined;
  const sweeper = (does: string, next: State | undefined): Step[] =>
    next === undefined ? [] : [{ actor: 'sweeper', does, kind: 'work', next }];
  return [
    ...foreignEvent(release),
    {
      actor: 'another system',
      does: 'commits the row',
      kind: 'person',
      next: { ...state, world: { ...world, there: true } },
    },
    ...sweeper('the early event has a dead letter', lettered),
    ...sweeper('the early event is forgotten', forgotten),
  ];
};

function foreignEvent(state: State): Step[] {
  return state.row.publish === 'HELD' && state.row.status === 'PENDING'
    ? [
        {
          actor: 'another system',
          does: 'publishes an event',
          kind: 'person',
          next: { ...state, events: { ...state.events, EMAIL: true } },
        },
      ]
    : [];
}

/** A cycle may follow only when the dead letter of the one before is out. */
export function unlessLettered(state: State): State {
  return state.world.letter
    ? state
    : broken(state, 'a cycle began without the dead letter of the one before');
}
