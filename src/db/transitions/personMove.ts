import type { BillId, ClaimToken } from '../../bill.ts';
import { type CountedMove, countedMove } from '../counts/countedMoves.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import type { Statement } from '../statement.ts';
import { journalled } from './fragments.ts';
import { type Transition, transitionStatement } from './transition.ts';

/** A transition that a person asks for, as SQL over the row `n` and what the person has seen. */
export interface PersonMove {
  /** The prepared statement's name. */
  readonly name: string;
  /** The columns that were seen, from $5 on, as arrays of these types. */
  readonly seen?: readonly (readonly [column: string, type: string])[];
  /**
   * What must still be as it was seen, and further conditions on the row; the relation has the columns of
   * `seen`.
   */
  readonly fences?: (seen: string) => readonly string[];
  /** A condition on the bill outside of its row. */
  readonly billFence?: string;
  /**
   * The values of the journal entry, over the moved rows. Default: the person's reason ($4) and the row's
   * channel.
   */
  readonly journal?: { readonly reason?: string; readonly channel?: string; readonly providerId?: string };
}

/**
 * The statement of a person's transition: $1 bills, $2 the journal's token, $3 who, $4 why, then what was
 * seen.
 *
 * What was seen is compared, so that a decision about one delivery does not apply to a later one of the same
 * bill, and one request starts one cycle. Locked rows are left out. If an earlier try of this statement has
 * journalled a bill, the bill counts as moved: only the answer was lost.
 */
export function personStatement(transition: Transition & { readonly outcome: string }, move: PersonMove) {
  const { name, seen = [], fences = () => [], billFence, journal = {} } = move;
  const { from, outcome } = transition;
  const states = from.map((state) => `'${state}'`).join(', ');
  const columns = seen.map(([column]) => `, ${column}`).join('');
  const arrays = seen.map(([, type], index) => `, $${index + 5}::${type}[]`).join('');
  return transitionStatement(transition, {
    name,
    ctes: `seen as (
      select * from unnest($1::bigint[]${arrays}) as seen (bill_id${columns})
    ), free as (
      select seen.*, n.reason as old_reason
      from bill_notification n join seen on seen.bill_id = n.bill_id
      where ${[...fences('seen'), `n.send_status in (${states})`].join(' and ')}
      order by n.bill_id
      for update of n skip locked
    )`,
    rows: 'free',
    fences: [...fences('free'), ...(billFence === undefined ? [] : [billFence])],
    returning: `free.old_reason${seen.map(([column]) => `, free.${column} as seen_${column}`).join('')}`,
    beside: [
      journalled(transition, 'moved', { token: '$2::uuid', actor: '$3', reason: '$4::text', ...journal }),
      countedMove('moved', countsOf(transition)),
    ],
    select: `select bill_id from moved
    union
    select bill_id from delivery_attempt
    where bill_id = any($1::bigint[]) and claim_token = $2::uuid and outcome = '${outcome}'`,
  });
}

/**
 * If a transition starts from several states, its counts are only marked as changed, except for what it
 * certainly changes.
 */
function countsOf({ from, to }: Transition): CountedMove {
  const [first, ...others] = from;
  const only = others.length === 0 ? first : undefined;
  return {
    ...(only === 'DELIVERED' ? { delivered: -1 } : {}),
    ...(only === 'FAILED' ? { failed: -1 } : {}),
    ...(to === 'DELIVERED' ? { delivered: 1 } : {}),
    ...(to === 'FAILED' ? { failed: 1 } : {}),
    ...(to === 'CANCELLED' ? { cancelled: 1 } : {}),
  };
}

/** Who moves which bills, and why. */
export interface PersonRequest {
  readonly billIds: readonly BillId[];
  readonly journalToken: ClaimToken;
  /** `person <user>` */
  readonly actor: string;
  readonly reason?: string | undefined;
}

/** Runs a statement of `personStatement`; `seen` are its further parameters. Returns the bills that moved. */
export async function askPersonMove(
  database: Database,
  statement: Statement,
  { billIds, journalToken, actor, reason }: PersonRequest,
  seen: readonly unknown[] = [],
): Promise<Set<BillId>> {
  const rows = await database.query<[BillId]>(statement, [
    plainArray(billIds),
    journalToken,
    actor,
    reason ?? null,
    ...seen,
  ]);
  return new Set(rows.map(([billId]) => billId));
}
