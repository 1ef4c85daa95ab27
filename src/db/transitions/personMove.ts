import type { BillId, ClaimToken } from '../../bill.ts';
import { type CountedMove, countedMove } from '../counts/countedMoves.ts';
import type { Database, Statement } from '../database.ts';
import { plainArray } from '../sql.ts';
import { journalled } from './fragments.ts';
import { type Transition, transitionStatement } from './transition.ts';

/** A transition that a person asks for, as SQL over the row `n` and what the person has seen of it. */
export interface PersonMove {
  /** The prepared statement's name. */
  readonly name: string;
  /** Columns of what was seen, from $5 on, as arrays of these types. */
  readonly seen?: readonly (readonly [column: string, type: string])[];
  /** What has to be as it was seen, and what else the row must be; the relation has the columns of `seen`. */
  readonly fences?: (seen: string) => readonly string[];
  /** What must hold for the bill itself, outside of its row. */
  readonly billFence?: string;
  /**
   * What the journal says, over the moved rows; the person's word ($4) and the channel of the row if missing.
   */
  readonly journal?: { readonly reason?: string; readonly channel?: string; readonly providerId?: string };
}

/**
 * The statement of a person's transition: $1 bills, $2 the journal's token, $3 who, $4 why, then what was
 * seen.
 *
 * What was seen is compared, so that a word about one delivery says nothing about a later one of the same
 * bill, and one request starts one cycle. A row that is locked is left out. What the first try of this very
 * statement has journalled counts as moved: its answer was lost.
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

/** A transition from several states says only that its windows have changed, and what it certainly made. */
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

/** Asks a statement of `personStatement`; `seen` are its further parameters. Returns the bills that moved. */
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
