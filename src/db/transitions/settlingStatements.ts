import type { SettlingTransition } from '../../bill.ts';
import { contentHashBytes } from '../../render/proof/contentHasher.ts';
import type { Statement } from '../statement.ts';
import { ifJournalled, journalled } from './fragments.ts';
import { type Settling, settlings } from './settlings.ts';
import { transitionStatement } from './transition.ts';

/**
 * Values that only some transitions have, after the nine that all have: arrays of texts, and the content
 * hashes as one sequence of bytes in the order of the bills.
 */
export type ExtraColumn = 'address_hash' | 'next_channel' | 'content_hash';

export interface SettlingStatements {
  readonly first: Statement;
  /** The same, for when an entry may be in the journal already. */
  readonly again: Statement;
  readonly extraColumns: readonly ExtraColumn[];
}

// Defined before its use, since the statements are built while the module loads.
const withMoved = 'answer left join moved on moved.bill_id = answer.bill_id and moved.token = answer.token';

/** A late answer has none: its member may have been forgotten meanwhile. */
const hashIfMoved = 'case when moved.bill_id is not null then answer.address_hash end';

const journalEntry = {
  token: 'answer.token',
  cycle: 'answer.cycle',
  channel: 'answer.channel',
  applied: 'moved.bill_id is not null',
  reason: 'answer.reason',
  providerId: 'answer.provider_id',
  actor: '$9',
  startedAt: `now() - answer.elapsed_ms * interval '1 ms'`,
};

export const settlingStatements = Object.fromEntries(
  Object.entries(settlings).map(([transition, settling]) => [transition, statementsOf(settling)]),
) as Readonly<Record<SettlingTransition, SettlingStatements>>;

/**
 * All statements have one form. Each answer is compared with its row by bill, token and state. Those that
 * match change the row. All are journalled, with `applied` false if the row had moved on: a late answer is
 * evidence, and never changes a state.
 */
function statementsOf(settling: Settling): SettlingStatements {
  const { prepared, outcome } = settling;
  const extraColumns = extraColumnsOf(settling);
  const shape = shapeOf(settling, extraColumns);
  if (outcome === undefined) {
    // It has the actor as a parameter like the others, so that the settler treats all alike.
    const select = `${shape.select} and $9::text is not null`;
    const quiet = transitionStatement(settling, { ...shape, select, name: prepared });
    return { first: quiet, again: quiet, extraColumns };
  }
  const addressHash = extraColumns.includes('address_hash') ? hashIfMoved : undefined;
  const contentHash = extraColumns.includes('content_hash') ? 'answer.content_hash' : undefined;
  function statement(name: string, onConflict: string, outcome: string): Statement {
    const provider = isCarried(settling) ? 'moved.provider' : undefined;
    const entry = { ...journalEntry, provider, addressHash, contentHash, onConflict };
    return transitionStatement(settling, {
      ...shape,
      name,
      beside: [journalled({ outcome, to: settling.to }, withMoved, entry)],
    });
  }
  return {
    first: statement(prepared, '', outcome),
    again: statement(`${prepared}-again`, ifJournalled, outcome),
    extraColumns,
  };
}

/**
 * Whether the row names the attempt's own provider: before the hand-off it may still name that of an earlier
 * attempt.
 */
function isCarried({ from }: Settling): boolean {
  return !from.includes('SENDING');
}

function shapeOf(settling: Settling, extraColumns: readonly ExtraColumn[]) {
  const texts = extraColumns.filter((column) => column !== 'content_hash');
  const columns = texts.map((column) => `, ${column}`).join('');
  const arrays = texts.map((_, index) => `, $${index + 10}::text[]`).join('');
  const isHashed = texts.length < extraColumns.length;
  const hash = isHashed ? `, ${nthHash(`$${texts.length + 10}::bytea`)} as content_hash` : '';
  const [ordinality, place] = isHashed ? [' with ordinality', ', place'] : ['', ''];
  return {
    ctes: `answer as (
      select answer.*${hash}
      from unnest($1::bigint[], $2::uuid[], $3::int[], $4::text[], $5::float8[], $6::text[],
                  $7::text[], $8::float8[]${arrays})${ordinality}
        as answer (bill_id, token, cycle, channel, elapsed_ms, reason, provider_id, delay_ms${columns}${place})
    )`,
    rows: 'answer',
    fences: ['n.claim_token = answer.token'],
    returning: isCarried(settling) ? 'answer.token, n.provider' : 'answer.token',
    select: `select answer.bill_id, answer.token
    from ${withMoved}
    where moved.bill_id is null`,
  };
}

/** The hash of the n-th bill. A bill without a hash has only zeros. */
function nthHash(hashes: string): string {
  const all = contentHashBytes;
  const nth = `substring(${hashes} from ${all} * (answer.place::int - 1) + 1 for ${all})`;
  return `nullif(${nth}, '\\x${'00'.repeat(all)}')`;
}

/** The column of the hashes comes last. */
function extraColumnsOf({ outcome, set }: Settling): ExtraColumn[] {
  return [
    ...(outcome === 'REFUSED' ? (['address_hash'] as const) : []),
    ...(set.includes('answer.next_channel') ? (['next_channel'] as const) : []),
    ...(outcome === 'ACCEPTED' || outcome === 'UNKNOWN' ? (['content_hash'] as const) : []),
  ];
}
