import {
  attemptOf,
  brokenSteps,
  channelSets,
  channels,
  cycles,
  maskOf,
  type Relay,
  type State,
  type Task,
} from './state.ts';

/**
 * A state as a short string. States that differ only in what does not matter have the same string: in the
 * numbers of tokens and of the sequence, in which of two tasks or relays is which, and in the order in which
 * bytes are under way.
 */
export function encode(state: State): string {
  const [first, second] = state.tasks;
  if (first === undefined || second === undefined) return encodeInOrder(state, [0]);
  const straight = encodeInOrder(state, [0, 1]);
  const crossed = encodeInOrder(state, [1, 0]);
  return straight < crossed ? straight : crossed;
}

const statuses = ['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED'];
const publishes = ['HELD', 'PENDING', 'PUBLISHED'];
const phases = [
  'idle',
  'claiming',
  'missed',
  'claimed',
  'handedOff',
  'sending',
  'accepted',
  'refused',
  'notSent',
  'unknown',
  'listening',
  'owing',
  'givingBack',
];
const relayPhases = ['idle', 'selected', 'halfDone'];
const lookupPhases = ['idle', 'listed', 'accepted', 'never'];
const receiptPhases = ['idle', 'stored', 'judged'];
const judgedStates = ['PENDING', 'IN_DOUBT', 'DELIVERED'];
const owedKinds = [...channels, 'LETTER', 'NOTHING'];
const attempts = channels.length * cycles.length;

function encodeInOrder(state: State, order: readonly number[]): string {
  const { row, lookup, events, world, seen, receipt } = state;
  const tokens = [0];
  const number = (token: number): number => {
    const known = tokens.indexOf(token);
    return known >= 0 ? known : tokens.push(token) - 1;
  };
  const codes = [
    pack([
      [statuses.indexOf(row.status), 7],
      [publishes.indexOf(row.publish), 3],
      [attemptOf(row), attempts],
      [number(row.token), 6],
      [Number(row.waits), 2],
      [Number(row.pastHorizon), 2],
      [Number(row.retransmits), 2],
      [Number(row.batch), 2],
      [row.provider, 2],
    ]),
  ];
  codes.push(
    pack([
      [maskOf(row.passed), channelSets],
      [maskOf(world.failed), channelSets],
      [maskOf(seen?.passed ?? []), channelSets],
    ]),
  );
  for (const index of order) {
    const task = state.tasks[index];
    if (task !== undefined) codes.push(packTask(task, number(task.token)));
  }
  codes.push(
    ...state.relays.map((relay) => packRelay(relay, row.publishSeq)).sort((a, b) => a - b),
    pack([
      [lookupPhases.indexOf(lookup.phase), 4],
      [attemptOf(lookup), attempts],
      [number(lookup.token), 6],
      [Number(lookup.pastHorizon), 2],
      [lookup.provider, 2],
    ]),
    packUnderWay(state, order),
    pack(world.accepted.map((count) => [Math.min(count, 2), 3])),
    pack(world.acceptedBy.map((providers) => [providers, 4])),
    packFlags([
      world.release,
      world.said,
      world.letter,
      state.early,
      world.there,
      world.unheeded,
      ...channels.map((channel) => events[channel]),
      ...world.bounced,
    ]),
    pack([
      [seen === undefined ? 0 : 1 + attemptOf(seen), 1 + attempts],
      [number(seen?.token ?? 0), 6],
    ]),
    pack([
      [receiptPhases.indexOf(receipt.phase), 3],
      [Number(receipt.says === 'arrived'), 2],
      [Number(receipt.of === 'acceptance'), 2],
      [attemptOf(receipt), attempts],
      [number(receipt.token), 6],
      [judgedStates.indexOf(receipt.status), 3],
      [Number(receipt.isLate), 2],
      [Number(world.late), 2],
    ]),
    packFlags([world.refused, world.never]),
    world.broken === '' ? 0 : 1 + brokenSteps.indexOf(world.broken),
  );
  return String.fromCharCode(...codes);
}

function packTask(task: Task, token: number): number {
  return pack([
    [phases.indexOf(task.phase), 13],
    [token, 6],
    [channels.indexOf(task.channel), channels.length],
    [maskOf(task.passed), channelSets],
    [task.cycle - 1, 2],
    [Number(task.late), 2],
    [task.provider, 2],
  ]);
}

function packRelay(relay: Relay, publishSeq: number): number {
  return pack([
    [relayPhases.indexOf(relay.phase), 3],
    [owedKinds.indexOf(relay.owed), owedKinds.length],
    [Number(relay.phase !== 'idle' && relay.publishSeq === publishSeq), 2],
    [relay.cycle - 1, 2],
  ]);
}

function packUnderWay({ underWay }: State, order: readonly number[]): number {
  return underWay
    .map((bytes) => {
      if (bytes === undefined) return 0;
      const attempt = attemptOf(bytes) * 2 + bytes.provider;
      return 1 + attempt * 3 + order.indexOf(bytes.asker) + 1;
    })
    .sort((a, b) => a - b)
    .reduce((code, bytes) => code * (1 + attempts * 6) + bytes, 0);
}

function packFlags(flags: readonly boolean[]): number {
  return pack(flags.map((is) => [Number(is), 2]));
}

/** Packs digits, each with its base, into one number. 16 bits are enough for each group above. */
function pack(digits: readonly (readonly [digit: number, base: number])[]): number {
  return digits.reduce((code, [digit, base]) => code * base + digit, 0);
}
