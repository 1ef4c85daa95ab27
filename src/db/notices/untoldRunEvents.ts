import type { RunKind } from '../../runs/runState.ts';
import type { Database } from '../database.ts';

/** An event of a run for which there is no notice yet. */
export interface UntoldRunEvent {
  readonly key: string;
  readonly at: Date;
  readonly what: string;
  readonly actor: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** The present state of the run. */
  readonly run: NoticedRun;
}

/** The facts about a run that notices mention. */
export interface NoticedRun {
  readonly id: string;
  readonly kind: RunKind;
  readonly requestedBy: string;
  readonly fourEyes: boolean;
  readonly hasCanary: boolean;
  readonly hold: string | null;
  readonly holdDetail: string | null;
  readonly released: number;
  /** How many bills were approved; null if they were not counted. */
  readonly bills: number | null;
  /** Their sum; null if it is not known. */
  readonly amount: string | null;
  /** The currency of that sum; null if the bills have several, or an older version counted them. */
  readonly currency: string | null;
  readonly deadline: Date | null;
}

const select = {
  name: 'untold-run-events',
  text: `
    select format('run_event/%s', e.id), e.at, e.what, e.actor, e.facts,
           r.id, r.kind, r.requested_by, r.four_eyes, jsonb_typeof(r.plan -> 'canary') = 'object',
           r.hold, r.hold_detail, r.released, (r.proposal ->> 'bills')::float8, r.proposal ->> 'amount',
           r.proposal ->> 'currency', (r.plan ->> 'deadline')::timestamptz
    from run_event e join run r on r.number = e.run
    where e.at > now() - $1::float8 * interval '1 ms' and e.what = any($2::text[])
      and not exists (select from notice n where n.key = format('run_event/%s', e.id))
    order by e.id`,
};

type EventColumns = [key: string, at: Date, what: string, actor: string, facts: Record<string, unknown>];
type RunColumns = [
  ...[id: string, kind: RunKind, requestedBy: string, fourEyes: boolean, hasCanary: boolean | null],
  ...[hold: string | null, holdDetail: string | null, released: number, bills: number | null],
  ...[amount: string | null, currency: string | null, deadline: Date | null],
];

/** Events with these names within the last `withinMs`, in their order. */
export async function selectUntoldRunEvents(
  database: Database,
  { withinMs, names }: { readonly withinMs: number; readonly names: readonly string[] },
): Promise<UntoldRunEvent[]> {
  const rows = await database.query<[...EventColumns, ...RunColumns]>(select, [withinMs, names]);
  return rows.map(([key, at, what, actor, facts, ...run]) => ({
    key,
    at,
    what,
    actor,
    facts,
    run: runOf(run),
  }));
}

function runOf([id, kind, requestedBy, fourEyes, hasCanary, ...rest]: RunColumns): NoticedRun {
  const [hold, holdDetail, released, bills, amount, currency, deadline] = rest;
  const planned = { id, kind, requestedBy, fourEyes, hasCanary: hasCanary === true };
  return { ...planned, hold, holdDetail, released, bills, amount, currency, deadline };
}
