import type { Database } from '../database.ts';

/** A rehearsal that is running, or that a person or a provider has stopped. */
export interface OpenRehearsal {
  /** The run's id. */
  readonly run: string;
  readonly state: 'RUNNING' | 'PAUSED';
  readonly since: Date;
}

const open = {
  name: 'open-rehearsals',
  text: `
    select id, state, coalesce(started_at, changed_at) from run
    where kind = 'REHEARSAL' and state in ('RUNNING', 'PAUSED')
    order by number`,
};

export async function readOpenRehearsals(database: Database): Promise<OpenRehearsal[]> {
  const rows = await database.query<[string, OpenRehearsal['state'], Date]>(open);
  return rows.map(([run, state, since]) => ({ run, state, since }));
}
