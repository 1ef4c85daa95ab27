import type { RunReading } from '../../metrics/runMetrics.ts';
import type { Database } from '../database.ts';

const select = {
  name: 'run-readings',
  text: `
    select id, kind, state, hold, phase <> 'REST' and state in ('RUNNING', 'PAUSED'), released,
           greatest(0, (proposal ->> 'bills')::int - released), 
           case when state = 'RUNNING' then extract(epoch from expected_end)::float8 end,
           extract(epoch from (plan ->> 'deadline')::timestamptz)::float8,
           case when state = 'DRAFT' and proposal is not null then extract(epoch from changed_at)::float8 end
    from run
    where kind <> 'ELSEWHERE' and state in ('DRAFT', 'APPROVED', 'RUNNING', 'PAUSED')
    order by number desc
    limit $1`,
};

/** The number of series must be limited: of more open runs, only the newest are shown. */
const mostRuns = 20;

/** The newest runs that are not over. */
export async function readRunReadings(database: Database): Promise<RunReading[]> {
  const rows = await database.query<ReadingColumns>(select, [mostRuns]);
  return rows.map(([run, kind, state, hold, isCanary, released, left, ...times]) => {
    const [expectedEnd, deadline, waitsForApprovalSince] = times;
    const bills = { isCanary, released, left };
    return { run, kind, state, hold, ...bills, expectedEnd, deadline, waitsForApprovalSince };
  });
}

type ReadingColumns = [
  ...[run: string, kind: string, state: string, hold: string | null, isCanary: boolean, released: number],
  ...[left: number | null, expectedEnd: number | null, deadline: number | null, since: number | null],
];
