import type { Channel } from '../bill.ts';
import type { Database, Statement } from './database.ts';

/** A switch that is thrown: since when, by whom, and why. */
export interface Thrown {
  readonly since: Date;
  /** `person <user>` or `dispatcher <host>:<pid>`. */
  readonly by: string;
  readonly reason: string | null;
}

/** The switches over the whole cluster; null where one is not thrown. */
export interface Control {
  readonly paused: boolean;
  readonly pause: Thrown | null;
  /** The guard rail's: no SMS starts until a person resumes it. */
  readonly fallbackStopped: Thrown | null;
  /** From here on the guard rail counts refusals. */
  readonly fallbackResumedAt: Date | null;
  /** A channel whose provider refuses our settings. */
  readonly sendingStopped: Readonly<Record<Channel, Thrown | null>>;
  /** The last time that a switch, whichever, was cleared. */
  readonly resumed: Thrown | null;
}

type ThrownColumns = [Date | null, string | null, string | null];

const read = {
  name: 'read-control',
  text: `
    select paused_at, paused_by, pause_reason,
           fallback_stopped_at, fallback_stopped_by, fallback_stop_reason,
           email_stopped_at, email_stopped_by, email_stop_reason,
           sms_stopped_at, sms_stopped_by, sms_stop_reason,
           resumed_at, resumed_by, resume_reason, fallback_resumed_at
    from control`,
};

type SwitchColumns = [...ThrownColumns, ...ThrownColumns, ...ThrownColumns, ...ThrownColumns];

/** Reads all switches: one row, cheap enough for every second of every process. */
export const readControl = async (database: Database): Promise<Control> => {
  const [row] = await database.query<[...SwitchColumns, ...ThrownColumns, Date | null]>(read);
  if (row === undefined) return nothingThrown;
  const pause = thrownOf([row[0], row[1], row[2]]);
  return {
    paused: pause !== null,
    pause,
    fallbackStopped: thrownOf([row[3], row[4], row[5]]),
    fallbackResumedAt: row[15],
    sendingStopped: {
      EMAIL: thrownOf([row[6], row[7], row[8]]),
      SMS: thrownOf([row[9], row[10], row[11]]),
    },
    resumed: thrownOf([row[12], row[13], row[14]]),
  };
};

const nothingThrown: Control = {
  paused: false,
  pause: null,
  fallbackStopped: null,
  fallbackResumedAt: null,
  sendingStopped: { EMAIL: null, SMS: null },
  resumed: null,
};

const thrownOf = ([since, by, reason]: ThrownColumns): Thrown | null =>
  since === null || by === null ? null : { since, by, reason };

interface Columns {
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** Throws a switch unless it is thrown already: the first who did stays on it. Makes the row where there is none. */
const throwing = (name: string, { at, by, reason }: Columns): Statement => ({
  name,
  text: `
    insert into control (${at}, ${by}, ${reason}) values (now(), $1, $2)
    on conflict (only_row) do update
    set ${at} = excluded.${at}, ${by} = excluded.${by}, ${reason} = excluded.${reason}
    where control.${at} is null
    returning only_row`,
});

/** Clears a switch that is thrown, and signs for it. */
const clearing = (name: string, { at, by, reason }: Columns, also = ''): Statement => ({
  name,
  text: `
    update control
    set ${at} = null, ${by} = null, ${reason} = null, resumed_at = now(), resumed_by = $1, resume_reason = $2${also}
    where ${at} is not null
    returning only_row`,
});

const pauseColumns = { at: 'paused_at', by: 'paused_by', reason: 'pause_reason' };
const fallbackColumns = {
  at: 'fallback_stopped_at',
  by: 'fallback_stopped_by',
  reason: 'fallback_stop_reason',
};
const emailColumns = { at: 'email_stopped_at', by: 'email_stopped_by', reason: 'email_stop_reason' };
const smsColumns = { at: 'sms_stopped_at', by: 'sms_stopped_by', reason: 'sms_stop_reason' };

const pause = throwing('pause', pauseColumns);
const resume = clearing('resume', pauseColumns);
const stopFallback = throwing('stop-fallback', fallbackColumns);
const resumeFallback = clearing('resume-fallback', fallbackColumns, ', fallback_resumed_at = now()');
const stopSending = {
  EMAIL: throwing('stop-email', emailColumns),
  SMS: throwing('stop-sms', smsColumns),
};
const resumeSending = {
  EMAIL: clearing('resume-email', emailColumns),
  SMS: clearing('resume-sms', smsColumns),
};

/** Who turns a switch, and why: `person <user>` or `dispatcher <host>:<pid>`. */
export interface Signed {
  readonly by: string;
  readonly reason?: string | undefined;
}

/**
 * Pauses the whole cluster, or lets it go on.
 * @returns whether that changed anything
 */
export const setPaused = (database: Database, paused: boolean, signed: Signed): Promise<boolean> =>
  turn(database, paused ? pause : resume, signed);

/**
 * Stops the SMS fallback, or lets it go on; then the guard rail counts from anew.
 * @returns whether that changed anything: of many that stop it at once, one is told true
 */
export const setFallbackStopped = (database: Database, stopped: boolean, signed: Signed): Promise<boolean> =>
  turn(database, stopped ? stopFallback : resumeFallback, signed);

/**
 * Stops sending on a channel, or lets it go on.
 * @returns whether that changed anything: of many that stop it at once, one is told true
 */
export const setSendingStopped = (
  database: Database,
  { channel, stopped }: { channel: Channel; stopped: boolean },
  signed: Signed,
): Promise<boolean> => turn(database, (stopped ? stopSending : resumeSending)[channel], signed);

const turn = async (database: Database, statement: Statement, { by, reason }: Signed): Promise<boolean> =>
  (await database.query(statement, [by, reason ?? null])).length > 0;
