import { h, type JSX } from 'preact';
import type { StateCounts } from '../../api/contract/statusContract.ts';
import type { Live } from '../../api/contract/streamContract.ts';
import { dueOf } from '../app/attentionOf.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { overview } from '../words/overviewWords.ts';
import { type State, stateWords } from '../words/stateWords.ts';
import { stateShape } from './stateMark.ts';

type Place = readonly [column: number, row: number];

/** The places of the states. `wide` reads from left to right, `tall` from top to bottom. */
export interface FlowLayout {
  readonly name: 'wide' | 'tall';
  readonly node: { readonly width: number; readonly height: number };
  readonly gap: { readonly x: number; readonly y: number };
  readonly size: { readonly width: number; readonly height: number };
  readonly places: Readonly<Record<State, Place>>;
}

export const wideFlow: FlowLayout = {
  name: 'wide',
  node: { width: 152, height: 62 },
  gap: { x: 60, y: 26 },
  size: { width: 1002, height: 240 },
  places: {
    HELD: [0, 1],
    PENDING: [1, 1],
    SENDING: [2, 1],
    SENT: [3, 1],
    DELIVERED: [4, 1],
    WAITING: [1, 0],
    CANCELLED: [1, 2],
    IN_DOUBT: [3, 2],
    FAILED: [4, 2],
  },
};

export const tallFlow: FlowLayout = {
  name: 'tall',
  node: { width: 150, height: 58 },
  gap: { x: 30, y: 20 },
  size: { width: 332, height: 372 },
  places: {
    HELD: [0, 0],
    PENDING: [0, 1],
    SENDING: [0, 2],
    SENT: [0, 3],
    DELIVERED: [0, 4],
    WAITING: [1, 1],
    CANCELLED: [1, 0],
    IN_DOUBT: [1, 3],
    FAILED: [1, 4],
  },
};

/** The transitions that are drawn: those that people ask about. */
const ways: readonly (readonly [State, State])[] = [
  ['HELD', 'PENDING'],
  ['PENDING', 'SENDING'],
  ['SENDING', 'SENT'],
  ['SENT', 'DELIVERED'],
  ['WAITING', 'PENDING'],
  ['PENDING', 'CANCELLED'],
  ['SENT', 'IN_DOUBT'],
  ['SENT', 'FAILED'],
];

/** Counts of all bills or of a month. */
export type CountedStates = Omit<StateCounts, 'earlyEvents'>;

/** How many bills are in each state, by the counts of the API. */
export function countsByState(status: CountedStates): Readonly<Record<State, number>> {
  return {
    HELD: status.held,
    WAITING: status.waiting,
    PENDING: dueOf(status),
    SENDING: status.sending,
    SENT: status.sent,
    DELIVERED: status.delivered,
    IN_DOUBT: status.inDoubt,
    FAILED: status.failed,
    CANCELLED: status.cancelled,
  };
}

/** The data of a flow. Without a month it shows all bills. */
export interface Flowing {
  readonly status: CountedStates & { readonly month?: string };
  readonly rates: Live['rates'];
}

/** The states as a flow: each number is a link to its bills. */
export function flowDiagram({ status, rates }: Flowing, layout: FlowLayout): JSX.Element {
  const counts = countsByState(status);
  const moves = (rates?.deliveredPerSecond ?? 0) + (rates?.failedPerSecond ?? 0) > 0;
  const { width, height } = layout.size;
  return h(
    'svg',
    {
      class: `flow flow-${layout.name}`,
      viewBox: `-1 -1 ${width} ${height}`,
      role: 'group',
      'aria-label': say(overview.flow),
    },
    ways.map(([from, to]) =>
      moves && isMain(from, to)
        ? movingWay(layout, from, to)
        : h('path', {
            key: `${from}-${to}`,
            class: `way way-${to.toLowerCase()}`,
            d: wayBetween(layout, from, to),
          }),
    ),
    (Object.keys(layout.places) as State[]).map((state) =>
      node(layout, { state, bills: counts[state], month: status.month }),
    ),
  );
}

function isMain(from: State, to: State): boolean {
  return from !== 'HELD' && from !== 'WAITING' && (to === 'SENDING' || to === 'SENT' || to === 'DELIVERED');
}

/** The length of a dash and a gap together, by which the style sheet moves the line. */
const dash = 10;
const thickness = 4;

/**
 * A straight dashed line, visible through a window of its size. It is moved as a whole, so a frame needs
 * neither layout nor paint: dashes that move along a path need both.
 */
function movingWay(layout: FlowLayout, from: State, to: State): JSX.Element {
  const [[fromX, fromY], [toX, toY]] = [cornerOf(layout, from), cornerOf(layout, to)];
  const { width, height } = layout.node;
  const middle = thickness / 2;
  const key = `${from}-${to}`;
  return fromY === toY
    ? h(
        'svg',
        {
          key,
          x: fromX + width,
          y: fromY + height / 2 - middle,
          width: toX - fromX - width,
          height: thickness,
        },
        h('line', { class: 'dashes right', x1: -dash, x2: toX - fromX - width, y1: middle, y2: middle }),
      )
    : h(
        'svg',
        {
          key,
          x: fromX + width / 2 - middle,
          y: fromY + height,
          width: thickness,
          height: toY - fromY - height,
        },
        h('line', { class: 'dashes down', y1: -dash, y2: toY - fromY - height, x1: middle, x2: middle }),
      );
}

interface NodeFacts {
  readonly state: State;
  readonly bills: number;
  readonly month: string | undefined;
}

function node(layout: FlowLayout, { state, bills, month }: NodeFacts): JSX.Element {
  const [x, y] = cornerOf(layout, state);
  const { width, height } = layout.node;
  return h(
    'a',
    {
      key: state,
      href: `/search?state=${state}${month === undefined ? '' : `&month=${month}`}`,
      class: `node state-${state.toLowerCase()} ${bills === 0 ? 'empty' : ''}`,
    },
    h('rect', { x, y, width, height, rx: 8 }),
    h('rect', { class: 'edge', x, y: y + 10, width: 3, height: height - 20, rx: 1.5 }),
    h(
      'svg',
      { x: x + 14, y: y + 12, width: 13, height: 13, viewBox: '0 0 12 12' },
      stateShape(state).props.children,
    ),
    h('text', { class: 'name', x: x + 33, y: y + 23 }, say(stateWords[state])),
    h('text', { class: 'number', x: x + 14, y: y + height - 13, 'data-count': state }, count(bills)),
  );
}

function cornerOf({ places, node: { width, height }, gap }: FlowLayout, state: State): [number, number] {
  const [column, row] = places[state];
  return [column * (width + gap.x), row * (height + gap.y)];
}

/** A line from one state's side to the other's, or from bottom to top. It has one bend at most. */
function wayBetween(layout: FlowLayout, from: State, to: State): string {
  const [fromX, fromY] = cornerOf(layout, from);
  const [toX, toY] = cornerOf(layout, to);
  const { width, height } = layout.node;
  const middle = height / 2;
  if (fromX === toX) {
    const x = fromX + width / 2;
    return fromY < toY ? `M${x} ${fromY + height}V${toY}` : `M${x} ${fromY}V${toY + height}`;
  }
  if (fromY === toY) {
    return fromX < toX
      ? `M${fromX + width} ${fromY + middle}H${toX}`
      : `M${fromX} ${fromY + middle}H${toX + width}`;
  }
  const start = [fromX + width, fromY + middle] as const;
  const bend = (start[0] + toX) / 2;
  return `M${start[0]} ${start[1]}C${bend} ${start[1]} ${bend} ${toY + middle} ${toX} ${toY + middle}`;
}
