import type { SettlingTransition } from '../../src/bill.ts';
import type { Channel } from '../../src/channels.ts';
import { claimBills, handOffBills, settle } from './modelStatements.ts';
import { type Actor, broken, nextsOf, type Protocol, withFailure, withRow, withWorld } from './protocol.ts';
import type { Step } from './search.ts';
import { type Answer, forgetAsker, idleTask, type State, type Task, withTask } from './state.ts';

/**
 * A dispatcher's task with one batch: claim, hand-off, send, settle. Its steps interleave with those of all
 * others, so it may stall before each of them. Two tasks may hold the same event, as after a rebalance. Each
 * statement may also be applied while its answer is lost ("... unanswered"). It is then asked again.
 */
export const taskSteps: Actor = (state, protocol) =>
  state.tasks.flatMap((task, index) => {
    const steps = dutiesOf({ state, protocol, task, index });
    if (task.phase === 'idle') return steps;
    const crashed = forgetAsker(withTask(state, index, idleTask), index);
    return [...steps, { actor: nameOf(index), does: 'crash', kind: 'fault' as const, next: crashed }];
  });

interface Turn {
  readonly state: State;
  readonly protocol: Protocol;
  readonly task: Task;
  readonly index: number;
}

function nameOf(index: number): string {
  return `task ${'AB'[index]}`;
}

function dutiesOf(turn: Turn): Step[] {
  switch (turn.task.phase) {
    case 'idle':
      return take(turn);
    case 'claiming':
      return claimAgain(turn);
    case 'missed':
      return [askWhy(turn)];
    case 'claimed':
      return [...handOff(turn), ...giveUpPreparing(turn), brake(turn)];
    case 'handedOff':
      return [...send(turn), step(turn, 'not sent', answered(turn, 'notSent')), brake(turn)];
    case 'givingBack':
      return [...settleAs(turn, 'held'), ...(turn.protocol.stands('givenBackIsNotSent') ? [] : send(turn))];
    case 'sending':
      return [
        step(turn, 'time out', forgetAsker(answered(turn, 'unknown'), turn.index)),
        ...(turn.protocol.hearsLate ? [step(turn, 'no answer yet', answered(turn, 'unknown'))] : []),
      ];
    case 'listening':
      return [step(turn, 'hears no more', ended(turn, turn.state))];
    case 'owing':
      return [step(turn, 'owes an event', owe(turn))];
    case 'accepted':
    case 'refused':
    case 'notSent':
    case 'unknown':
      return transitionsOf(turn, turn.task.phase).flatMap(([transition, next]) =>
        settleAs(turn, transition, next),
      );
    default:
      return turn.task.phase satisfies never;
  }
}

/** The channels whose topics anybody reads. */
function channelsOf({ lists }: Protocol): Channel[] {
  return [...new Set(lists.flat())];
}

function step({ index }: Turn, does: string, next: State, kind: Step['kind'] = 'work'): Step {
  return {
    actor: nameOf(index),
    does,
    kind,
    next,
  };
}

function answered({ state, task, index }: Turn, phase: Answer): State {
  return withTask(state, index, { ...task, phase, late: false });
}

function take(turn: Turn): Step[] {
  const { state, protocol, index } = turn;
  const token = protocol.stands('freshToken') ? state.nextToken : 1;
  return channelsOf(protocol).flatMap((channel) => {
    if (protocol.relay === 'stepwise' && !state.events[channel]) return [];
    const row = state.world.there ? claimBills(state.row, { token, channel }, protocol.stands) : undefined;
    if (row === undefined) return state.world.there ? [] : [miss(turn)];
    const early = state.row.waits ? broken(state, 'a bill was claimed before its time') : state;
    const claimed = { ...withRow(early, row), nextToken: state.nextToken + 1 };
    return providersOf(protocol).flatMap((provider) => {
      const task = { ...idleTask, token, channel, passed: row.passed, cycle: row.cycle, provider };
      const unanswered: Task = { ...task, passed: [], cycle: 1, phase: 'claiming' };
      const lane = provider === 0 ? '' : ' for the other provider';
      return [
        step(turn, `claimBills${lane}`, withTask(claimed, index, { ...task, phase: 'claimed' })),
        step(turn, `claimBills${lane} unanswered`, withTask(claimed, index, unanswered), 'fault'),
      ];
    });
  });
}

function providersOf({ providers }: Protocol): number[] {
  return providers === 1 ? [0] : [0, 1];
}

/**
 * What the claim does not win is another's, done or not due, unless the row says otherwise a moment later.
 */
function miss(turn: Turn): Step {
  return step(
    turn,
    'claimBills won nothing',
    withTask(turn.state, turn.index, { ...idleTask, phase: 'missed' }),
  );
}

function askWhy(turn: Turn): Step {
  const { state, protocol, index } = turn;
  const { row, world } = state;
  const done = withTask(state, index, idleTask);
  const isHeld = world.there && row.status === 'PENDING' && row.publish === 'HELD';
  if (world.there && !isHeld) return step(turn, 'findUnclaimableEvents: none', done);
  const early = state.early || protocol.stands(isHeld ? 'heldRowIsReleased' : 'earlyEventIsKept');
  return step(turn, 'keepEarlyEvents', { ...withWorld(done, { unheeded: true }), early });
}

function claimAgain(turn: Turn): Step[] {
  const { state, protocol, task, index } = turn;
  const row = claimBills(state.row, task, protocol.stands);
  return row === undefined
    ? [step(turn, 'claimBills won nothing', withTask(state, index, idleTask))]
    : [
        step(
          turn,
          'claimBills',
          withTask(withRow(state, row), index, {
            ...task,
            phase: 'claimed',
            passed: row.passed,
            cycle: row.cycle,
          }),
        ),
      ];
}

function handOff(turn: Turn): Step[] {
  const { state, protocol, task, index } = turn;
  const row = handOffBills(state.row, task, protocol.stands);
  if (row === undefined) return [step(turn, 'handOffBills won nothing', withTask(state, index, idleTask))];
  const handedOff = withRow(state, row);
  const late = task.late && protocol.stands('deadlineFromBeforeHandOff');
  return [
    step(turn, 'handOffBills', withTask(handedOff, index, { ...task, phase: 'handedOff', late })),
    step(turn, 'handOffBills unanswered', handedOff, 'fault'),
  ];
}

function giveUpPreparing(turn: Turn): Step[] {
  const { task, protocol } = turn;
  const nexts = nextsOf(protocol, task);
  return [
    ...nexts.flatMap((next) => settleAs(turn, next === undefined ? 'quietHours' : 'unaddressedToNext', next)),
    ...(task.cycle === 1 ? [] : nexts).flatMap((next) =>
      settleAs(turn, next === undefined ? 'refusedBeforeForGood' : 'refusedBeforeToNext', next),
    ),
    ...settleAs(turn, 'unpreparable'),
  ];
}

/** The deadline is checked in the same step in which the bytes go out. */
function send(turn: Turn): Step[] {
  const { state, protocol, task, index } = turn;
  const free = state.underWay.indexOf(undefined);
  if (free < 0 || (task.late && protocol.stands('startDeadline'))) return [];
  const { channel, cycle, provider } = task;
  const sent = withTask(state, index, { ...task, phase: 'sending', late: false, provider: 0 });
  const bytes = { channel, cycle, provider, asker: index };
  return [step(turn, 'send', { ...forbidden(sent, task), underWay: sent.underWay.with(free, bytes) })];
}

function forbidden(state: State, { channel, cycle }: Task): State {
  if (!state.world.release) return broken(state, 'a held bill was sent');
  const isStale = cycle === state.row.cycle && state.row.passed.includes(channel);
  return isStale ? broken(state, 'a message went out by a channel that the bill had left') : state;
}

/** From here on the bill is given back, however often that has to be asked. */
function brake(turn: Turn): Step {
  const { state, task, index } = turn;
  return step(turn, 'the brake is on', withTask(state, index, { ...task, phase: 'givingBack', late: false }));
}

type Settled = readonly [transition: SettlingTransition, next?: Channel];

function transitionsOf({ task, protocol }: Turn, answer: Answer): Settled[] {
  switch (answer) {
    case 'accepted':
      return [['accepted']];
    case 'refused':
      return nextsOf(protocol, task).map((next) =>
        next === undefined ? ['refusedForGood'] : ['refusedToNext', next],
      );
    case 'notSent':
      return [['notSent'], ['exhausted'], ['braked']];
    case 'unknown':
      if (!protocol.stands('failsOverUnsent')) return [['unknown'], ['notSent']];
      return protocol.stands('unknownIsDoubted')
        ? [['unknown']]
        : nextsOf(protocol, task).map((next) => (next === undefined ? ['unknown'] : ['refusedToNext', next]));
    default:
      return answer satisfies never;
  }
}

/** An answer that wins nothing is evidence, never a state: the task is done with it. */
function settleAs(turn: Turn, transition: SettlingTransition, next?: Channel): Step[] {
  const { state, protocol, task, index } = turn;
  const token = protocol.stands('settleComparesToken') ? task.token : undefined;
  const row = settle(state.row, transition, { token, next });
  if (row === undefined) {
    if (task.phase === 'claimed') return [];
    return [step(turn, `${transition} won nothing`, afterSettling(turn, transition, state))];
  }
  const { publish, publishSeq } = state.row;
  const whole = protocol.stands('owesInSameUpdate') || row.publishSeq === publishSeq;
  const written = withRow(state, whole ? row : { ...row, publish, publishSeq });
  const turned = transition === 'unaddressedToNext' || transition === 'refusedBeforeToNext';
  const settled = turned ? withFailure(written, protocol, task) : written;
  const done = step(
    turn,
    transition,
    whole
      ? afterSettling(turn, transition, settled)
      : withTask(settled, index, { ...idleTask, phase: 'owing' }),
  );
  return task.phase === 'claimed' ? [done] : [done, step(turn, `${transition} unanswered`, settled, 'fault')];
}

/** The task is free, or it listens on: its connection still waits for the answer. */
function afterSettling(turn: Turn, transition: SettlingTransition, state: State): State {
  const { task, index } = turn;
  const waits = transition === 'unknown' && state.underWay.some((bytes) => bytes?.asker === index);
  return waits ? withTask(state, index, { ...task, phase: 'listening' }) : ended(turn, state);
}

function ended({ index, protocol }: Turn, state: State): State {
  const idle = withTask(state, index, idleTask);
  return protocol.hearsLate ? forgetAsker(idle, index) : idle;
}

function owe({ state, index }: Turn): State {
  const { row } = state;
  const owed = withRow(state, { ...row, publish: 'PENDING', publishSeq: row.publishSeq + 1 });
  return withTask(owed, index, idleTask);
}
