import type { Database } from './database.ts';
import type { Statement } from './statement.ts';

/** A pause or a brake: since when, by whom, and why. */
export interface Thrown {
  readonly since: Date;
  /** `person <user>` or `dispatcher <host>:<pid>`. */
  readonly by: string;
  readonly reason: string | null;
}

/** A person's pause of the whole cluster. */
export interface Control {
  readonly paused: boolean;
  /** Null if it is not paused. */
  readonly pause: Thrown | null;
  /** When a pause was last ended. */
  readonly resumed: Thrown | null;
}

type ThrownColumns = [Date | null, string | null, string | null];

const read = {
  name: 'read-control',
  text: `select paused_at, paused_by, pause_reason, resumed_at, resumed_by, resume_reason from control`,
};

/** Reads one row: cheap enough for every process to do so each second. */
export async function readControl(database: Database): Promise<Control> {
  const [row] = await database.query<[...ThrownColumns, ...ThrownColumns]>(read);
  if (row === undefined) return { paused: false, pause: null, resumed: null };
  const pause = thrownOf([row[0], row[1], row[2]]);
  return { paused: pause !== null, pause, resumed: thrownOf([row[3], row[4], row[5]]) };
}

function thrownOf([since, by, reason]: ThrownColumns): Thrown | null {
  return since === null || by === null ? null : { since, by, reason };
}

/** Whoever pauses first stays recorded. Creates the row if it is missing. */
const pause: Statement = {
  name: 'pause',
  text: `
    insert into control (paused_at, paused_by, pause_reason) values (now(), $1, $2)
    on conflict (only_row) do update
    set paused_at = excluded.paused_at, paused_by = excluded.paused_by, pause_reason = excluded.pause_reason
    where control.paused_at is null
    returning only_row`,
};

const resume: Statement = {
  name: 'resume',
  text: `
    update control
    set paused_at = null, paused_by = null, pause_reason = null,
        resumed_at = now(), resumed_by = $1, resume_reason = $2
    where paused_at is not null
    returning only_row`,
};

/** Who pauses, resumes or releases, and why: `person <user>` or `dispatcher <host>:<pid>`. */
export interface Signed {
  readonly by: string;
  readonly reason?: string | undefined;
}

/**
 * Pauses the whole cluster, or resumes it.
 * @returns whether that changed anything
 */
export async function setPaused(
  database: Database,
  paused: boolean,
  { by, reason }: Signed,
): Promise<boolean> {
  return (await database.query(paused ? pause : resume, [by, reason ?? null])).length > 0;
}
