import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';

/** An outcome in the form in which it is published. It contains no name, address or number of a person. */
export interface NumberedOutcome {
  /**
   * Identifies this outcome for good. Of two outcomes of a bill, the one with the higher number happened
   * later.
   */
  readonly number: number;
  /** The billing system's id of the bill. */
  readonly billId: string;
  /** Null if the row of the bill is gone. */
  readonly memberId: string | null;
  /** The run that released the bill; null if none did. */
  readonly run: string | null;
  readonly cycle: number;
  readonly channel: Channel;
  /** From 0; null if it is not known. */
  readonly step: number | null;
  /** The word of the journal. */
  readonly outcome: string;
  /** False if it is evidence only, and changed nothing. */
  readonly applied: boolean;
  /** The bill's state after it; null if it changed nothing. */
  readonly state: string | null;
  readonly reason: string | null;
  readonly provider: string | null;
  readonly providerId: string | null;
  /** `dispatcher`, `sweeper`, `relay`, `person` or `receipt`. */
  readonly by: string;
  readonly at: Date;
}

type Columns = [
  ...[number: string, billId: string, memberId: string | null, run: string | null, cycle: number],
  ...[channel: Channel, step: number | null, outcome: string, applied: boolean, state: string | null],
  ...[reason: string | null, provider: string | null, providerId: string | null, by: string, at: Date],
];

const read = {
  name: 'read-outcomes',
  text: `
    select f.number, coalesce(bill.bill_key, f.bill_id::text), coalesce(member.member_key, f.member_id::text),
           run.id, f.cycle, f.channel, f.step, f.outcome, f.applied, f.state, f.reason, f.provider,
           f.provider_id, f.made_by, f.at
    from (
      select * from outcome_feed
      where number > $1::bigint and number <= $2::bigint
      order by number
      limit $3
    ) f
    left join bill_reference bill on bill.bill_id = f.bill_id
    left join member_reference member on member.member_id = f.member_id
    left join run on run.number = f.run and f.run > 0
    order by f.number`,
};

/** The next outcomes in the order of their numbers. */
export async function readOutcomes(
  database: Database,
  { after, through = Number.MAX_SAFE_INTEGER, limit }: OutcomeRange & { readonly limit: number },
): Promise<NumberedOutcome[]> {
  return (await database.query<Columns>(read, [after, through, limit])).map(outcomeOf);
}

/** Outcomes with numbers above `after`, and up to `through` if that is given. */
export interface OutcomeRange {
  readonly after: number;
  readonly through?: number | undefined;
}

function outcomeOf([number, billId, memberId, run, cycle, channel, step, ...rest]: Columns): NumberedOutcome {
  const [outcome, applied, state, reason, provider, providerId, by, at] = rest;
  const about = { number: Number(number), billId, memberId, run, cycle, channel, step };
  return { ...about, outcome, applied, state, reason, provider, providerId, by, at };
}
