import type { SendStatus } from '../../bill.ts';

/**
 * Fence 5. What becomes owed is placed behind what was owed before (`not_before` is never in the past), so
 * the relay finds it without reading the rest.
 */
export const owesEvent = `publish_status = 'PENDING', publish_seq = n.publish_seq + 1`;

/** Fence 1: a bill that is PENDING, FAILED or CANCELLED belongs to no claim. */
export const endsClaim = 'claim_token = null';

export const doubtBegins = 'in_doubt_at = now()';
export const doubtEnds = 'in_doubt_at = null';

export const failureBegins = 'failed_at = now()';
export const failureEnds = 'failed_at = null';
export const cancellationBegins = 'cancelled_at = now()';

/** The next try over all channels, under a new key. */
export function nextCycle(firstChannel: string): string {
  return `channel = ${firstChannel}, step = 0, passed = null, cycle = n.cycle + 1, attempts = 0, tried_ms = 0,
          retransmit_at = null, not_before = now()`;
}

/** The next channel of the same cycle. The cycle never returns to the one that it leaves. */
export function nextStep(channel: string): string {
  return `channel = ${channel}, step = n.step + 1, passed = array_append(n.passed, n.channel), attempts = 0,
          not_before = now()`;
}

/**
 * A bill that goes out for the first time begins with its own channel if that is in the list, else with the
 * first one.
 */
export function listedChannel(list: string): string {
  return `channel = case when n.channel = any(${list}) then n.channel else (${list})[1] end`;
}

export function statesOf(states: readonly SendStatus[]): string {
  return `n.send_status in (${states.map((state) => `'${state}'`).join(', ')})`;
}

/** The values of a journal entry; each is SQL over the relation that it is read from. */
export interface JournalEntry {
  readonly token: string;
  readonly actor: string;
  readonly reason: string;
  readonly cycle?: string;
  readonly channel?: string;
  readonly applied?: string;
  readonly providerId?: string;
  readonly startedAt?: string;
  /** The provider that had the attempt; none if missing. */
  readonly provider?: string | undefined;
  /** The hash of the address that was refused. */
  readonly addressHash?: string | undefined;
  /** The hash of the message's content. */
  readonly contentHash?: string | undefined;
  /** What happens if the entry is there already, after a repeated statement. */
  readonly onConflict?: string;
}

/** The transition that makes the entries: their outcome, and the new state of the rows. */
export interface Journalling {
  readonly outcome: string;
  readonly to: SendStatus;
}

/**
 * Writes an entry per row of `from`, as the common table expression `journalled`. If outcomes are on, the new
 * entries are owed in the same statement, in one row for all of them: `owed`. It reads `journalled`, so it
 * runs after the rows of the bills are locked: the order of the outcomes depends on that.
 */
export function journalled({ outcome, to }: Journalling, from: string, entry: JournalEntry): string {
  const { token, actor, reason, cycle = 'cycle', channel = 'channel', applied = 'true' } = entry;
  const { providerId = 'null', startedAt = 'now()', onConflict = ifJournalled } = entry;
  const further = Object.entries({
    provider: entry.provider,
    address_hash: entry.addressHash,
    content_hash: entry.contentHash,
  }).filter(([, value]) => value !== undefined);
  const columns = further.map(([column]) => `, ${column}`).join('');
  const values = further.map(([, value]) => `, ${value}`).join('');
  return `journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, provider_id, actor,
         started_at, finished_at${columns})
      select ${billOf(from)}.bill_id, ${token}, '${outcome}', ${cycle}, ${channel}, ${applied}, ${reason},
             ${providerId}, ${actor}, ${startedAt}, now()${values}
      from ${from}
      ${onConflict}
      returning bill_id, claim_token
    ), owed as (
      insert into owed_outcome (outcome, state, bill_ids, tokens)
      select '${outcome}', '${to}', array_agg(bill_id), array_agg(claim_token)
      from journalled
      where exists (select from outcome_switch)
      having count(*) > 0
    )`;
}

/** So a statement that is repeated writes no entry twice. */
export const ifJournalled = 'on conflict (bill_id, claim_token, outcome) do nothing';

function billOf(from: string): string {
  return from.split(' ', 1)[0] ?? from;
}
