import type { Database } from '../database.ts';
import { tellRun } from './runEvents.ts';

/** A signed report. */
export interface SignedReport {
  /** The signed bytes, unchanged. */
  readonly text: string;
  /** The hash of these bytes, in hex. */
  readonly sha256: string;
  /** Why it was signed although a check did not hold. */
  readonly note: string | null;
  readonly signedBy: string;
  readonly signedAt: Date;
}

type Row = [text: string, sha256: string, note: string | null, signedBy: string, signedAt: Date];

/** A run, by its number, or a month, by its first day. */
export type SignedScope = { readonly run: number } | { readonly month: string };

const read = {
  name: 'read-signed-report',
  text: `
    select report, sha256, note, signed_by, signed_at from signed_report
    where run = $1::int or month = $2::date`,
};

export async function readSignedReport(
  database: Database,
  scope: SignedScope,
): Promise<SignedReport | undefined> {
  const [row] = await database.query<Row>(read, [
    'run' in scope ? scope.run : null,
    'month' in scope ? scope.month : null,
  ]);
  if (row === undefined) return undefined;
  const [text, sha256, note, signedBy, signedAt] = row;
  return { text, sha256, note, signedBy, signedAt };
}

export interface Signature extends Pick<SignedReport, 'text' | 'sha256' | 'note' | 'signedBy'> {}

/**
 * Stores the report and closes the run, both or neither. If it is repeated after a lost answer, it changes
 * nothing.
 */
const signRunOff = {
  name: 'sign-run',
  text: `
    with closed as (
      update run r
      set previous_state = r.state, state = 'CLOSED', closed_by = $5, closed_at = now(), changed_at = now()
      where r.number = $1::int and r.state = 'DONE'
      returning r.number
    ), kept as (
      insert into signed_report (run, report, sha256, note, signed_by)
      select number, $2, $3, $4, $5 from closed
      returning run as number
    ), ${tellRun('kept', {
      what: 'signed',
      actor: '$5::text',
      facts: `jsonb_build_object('sha256', $3::text, 'note', $4::text)`,
    })}
    select run from told
    union all
    select run from signed_report where run = $1::int and sha256 = $3`,
};

/** The run must be done. @returns whether it is signed off by this report */
export async function signRunReport(database: Database, run: number, signature: Signature): Promise<boolean> {
  const { text, sha256, note, signedBy } = signature;
  return (await database.query(signRunOff, [run, text, sha256, note, signedBy])).length > 0;
}

const signMonthOff = {
  name: 'sign-month',
  text: `
    with kept as (
      insert into signed_report (month, report, sha256, note, signed_by)
      select c.billing_month, $2, $3, $4, $5 from closed_month c
      where c.billing_month = $1::date and c.state <> 'closing'
      on conflict (month) do nothing
      returning month
    )
    select month from kept
    union all
    select month from signed_report where month = $1::date and sha256 = $3`,
};

/** The month must be closed. @returns whether it is signed off by this report */
export async function signMonthReport(
  database: Database,
  month: string,
  signature: Signature,
): Promise<boolean> {
  const { text, sha256, note, signedBy } = signature;
  return (await database.query(signMonthOff, [month, text, sha256, note, signedBy])).length > 0;
}
