import type { SendStatus } from '../../bill.ts';
import type { Statement } from '../database.ts';
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
  /** In the table's words. */
  readonly event: string;
  readonly by: readonly Mover[];
  readonly from: readonly SendStatus[];
  /** In the table's words: what else must hold for the row. */
  readonly ifRow?: string;
  readonly to: SendStatus;
  /** In the table's words: what else becomes of the row. */
  readonly andRow?: string;
  readonly token: 'new' | 'kept' | 'cleared' | 'none';
  /** The outcome of its entry in the journal; missing if it leaves none. */
  readonly outcome?: string;
  /**
   * Its own columns, as SQL. The builder adds the state, the time of the change and the invariants of `to`.
   */
  readonly set?: string;
}

/** How the UPDATE of a transition finds its rows, and what surrounds it. */
export interface TransitionShape {
  /** The prepared statement's name. */
  readonly name: string;
  /** Common table expressions, the last of which is `rows`. */
  readonly ctes: string;
  /** The relation that the UPDATE joins, usually by `bill_id`. */
  readonly rows: string;
  /** How the UPDATE joins it, if not by `bill_id`. */
  readonly join?: string;
  /** What the row `n` must be, besides its state. */
  readonly fences?: readonly string[];
  /** A row that this very statement moved already: its answer was lost, so it counts as moved. */
  readonly again?: string;
  /** What later parts need of the moved rows, besides bill, cycle and channel. */
  readonly returning?: string;
  /** What is written beside the row in the same statement: common table expressions that read `moved`. */
  readonly beside?: readonly string[];
  /** The last SELECT, from `moved` and the others. */
  readonly select: string;
}

/**
 * Builds the one statement of a transition. Every fence stands in the WHERE of the UPDATE on the row itself,
 * since a sub-select is not evaluated again after a lock wait.
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
 * What every change to a state writes: no transition can forget its event, its claim's end or its doubt's.
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
