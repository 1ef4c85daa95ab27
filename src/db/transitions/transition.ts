import type { SendStatus } from '../../bill.ts';
import type { Statement } from '../statement.ts';
import {
  cancellationBegins,
  doubtBegins,
  doubtEnds,
  endsClaim,
  failureBegins,
  failureEnds,
  owesEvent,
  statesOf,
} from './fragments.ts';

/** Who makes a transition. */
export type Mover = 'dispatcher' | 'sweeper' | 'relay' | 'person';

/** One arrow of the state machine: a row of the state table, and what its UPDATE writes and demands. */
export interface Transition {
  readonly name: string;
  /** The event in the words of the table. */
  readonly event: string;
  readonly by: readonly Mover[];
  readonly from: readonly SendStatus[];
  /** Further conditions on the row, in the words of the table. */
  readonly ifRow?: string;
  readonly to: SendStatus;
  /** Further changes of the row, in the words of the table. */
  readonly andRow?: string;
  readonly token: 'new' | 'kept' | 'cleared' | 'none';
  /** The outcome of its entry in the journal; missing if it writes none. */
  readonly outcome?: string;
  /**
   * The columns that it sets itself, as SQL. The builder adds the state, the time of the change and the
   * invariants of `to`.
   */
  readonly set?: string;
}

/** How the UPDATE of a transition finds its rows, and the rest of its statement. */
export interface TransitionShape {
  /** The prepared statement's name. */
  readonly name: string;
  /** Common table expressions, the last of which is `rows`. */
  readonly ctes: string;
  /** The relation that the UPDATE joins, usually by `bill_id`. */
  readonly rows: string;
  /** How the UPDATE joins it, if not by `bill_id`. */
  readonly join?: string;
  /** Conditions on the row `n`, besides its state. */
  readonly fences?: readonly string[];
  /**
   * A condition for a row that this very statement has moved already: its answer was lost, so it counts as
   * moved.
   */
  readonly again?: string;
  /** Columns of the moved rows that later parts need, besides bill, cycle and channel. */
  readonly returning?: string;
  /** What else the same statement writes: common table expressions that read `moved`. */
  readonly beside?: readonly string[];
  /** The last SELECT, from `moved` and the others. */
  readonly select: string;
}

/**
 * Builds the one statement of a transition. Every fence is in the WHERE of the UPDATE, on the row itself,
 * because a sub-select is not evaluated again after a lock wait.
 */
export function transitionStatement(transition: Transition, shape: TransitionShape): Statement {
  const { name, ctes, rows, returning, beside = [], select } = shape;
  return {
    name,
    text: `
    with ${ctes}, moved as (
      update bill_notification n
      set ${columnsOf(transition).join(', ')}, changed_at = now()
      from ${rows}
      where ${conditionsOf(transition, shape).join('\n        and ')}
      returning n.bill_id, n.cycle, n.channel${returning === undefined ? '' : `, ${returning}`}
    )${beside.map((cte) => `, ${cte}`).join('')}
    ${select}`,
  };
}

function columnsOf({ from, to, set }: Transition): string[] {
  const stays = from.length === 1 && from[0] === to;
  return [
    ...(stays ? [] : [`send_status = '${to}'`]),
    ...(from.includes('FAILED') && to !== 'FAILED' ? [failureEnds] : []),
    ...invariantsOf(to),
    ...(set === undefined ? [] : [set]),
  ];
}

/**
 * What every change to a state writes: so no transition can forget the event, or the end of a claim or a
 * doubt.
 */
function invariantsOf(to: SendStatus): string[] {
  switch (to) {
    case 'PENDING':
      return [endsClaim, doubtEnds, owesEvent];
    case 'FAILED':
      return [endsClaim, doubtEnds, owesEvent, failureBegins];
    case 'CANCELLED':
      return [endsClaim, doubtEnds, cancellationBegins];
    case 'DELIVERED':
      return [doubtEnds];
    case 'IN_DOUBT':
      return [doubtBegins];
    case 'SENDING':
    case 'SENT':
      return [];
    default:
      return to satisfies never;
  }
}

function conditionsOf({ from }: Transition, { rows, join, fences = [], again }: TransitionShape): string[] {
  const state = statesOf(from);
  return [
    join ?? `n.bill_id = ${rows}.bill_id`,
    ...fences,
    again === undefined ? state : `(${state} or (${again}))`,
  ];
}
