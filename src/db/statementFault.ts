/**
 * What a failed statement says about the server, and so what helps:
 *
 * - `unreachable`, `silent`, `readOnly`: another connection, as soon as there is a server that takes writes
 * - `pooler`: another connection, without what this pooler cannot hold
 * - `crowded`: the server or the pool has no connection or no room left; the same again a little later
 * - `collided`: two transactions were in each other's way; the same again at once
 * - `cancelled`, `locked`, `broken`: the server stopped this statement; the same again, or smaller parts of
 * it
 * - `refused`: the server refuses a value, a row or the size of it; the same again cannot help, smaller parts
 * can
 * - `lasting`: a person has to change something (a right, a table, a password)
 */
export type StatementFaultKind =
  | 'unreachable'
  | 'silent'
  | 'readOnly'
  | 'pooler'
  | 'crowded'
  | 'collided'
  | 'cancelled'
  | 'locked'
  | 'broken'
  | 'refused'
  | 'lasting';

/**
 * By code: see the PostgreSQL manual, appendix A; Node's own codes begin with E. Some faults of the driver
 * have no code, so their messages are compared.
 */
export function faultKindOf(error: unknown): StatementFaultKind {
  if (!(error instanceof Error)) return 'lasting';
  if (error instanceof AggregateError) return kindOfMany(error.errors);
  const code = codeOf(error);
  return (
    kindOfMessage(error.message, code) ??
    codes.find(([pattern]) => pattern.test(code))?.[1] ??
    // A batch whose text is longer than Node's strings or buffers can be.
    (error instanceof RangeError ? 'refused' : 'lasting')
  );
}

/** Whether repeating the same statement can help. */
export function isTransient(error: unknown): boolean {
  const kind = faultKindOf(error);
  return kind !== 'lasting' && kind !== 'refused';
}

/** The SQLSTATE or Node's code; empty if there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && error.code !== undefined ? String(error.code) : '';
}

/** Of several addresses of a host, one may come back while the other never does. */
function kindOfMany(errors: readonly unknown[]): StatementFaultKind {
  const kinds = errors.map(faultKindOf);
  return kinds.find((kind) => kind !== 'lasting') ?? 'lasting';
}

const codes: readonly (readonly [RegExp, StatementFaultKind])[] = [
  [/^(08\w{3}|57P0[1-5])$/, 'unreachable'],
  [
    /^E(CONNREFUSED|CONNRESET|CONNABORTED|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN)$/,
    'unreachable',
  ],
  [/^(E(ADDRNOTAVAIL|MFILE|NFILE|NOBUFS)|53\w{3})$/, 'crowded'],
  [/^25006$/, 'readOnly'],
  [/^(26000|42P05)$/, 'pooler'],
  [/^(40\w{3})$/, 'collided'],
  [/^57014$/, 'cancelled'],
  [/^(55P03|55006)$/, 'locked'],
  // A module of the operator that replaces a statement.
  [/^(58\w{3}|XX\w{3}|25P0[1-3]|SOURCE_MODULE_FAILED)$/, 'broken'],
  [/^(2[0123]\w{3}|54\w{3}|P0\w{3}|ERR_(STRING_TOO_LONG|OUT_OF_RANGE|BUFFER_TOO_LARGE))$/, 'refused'],
];

/** A pooler uses 08P01 both for refusing what it does not know and for saying that it has no room. */
function kindOfMessage(message: string, code: string): StatementFaultKind | undefined {
  if (/^(Query read timeout|server was silent)/.test(message)) return 'silent';
  if (/^timeout exceeded when trying to connect/.test(message)) return 'crowded';
  if (driverCut.test(message)) return 'unreachable';
  if (code !== '08P01' && code !== '0A000') return undefined;
  return poolerMessages.find(([pattern]) => pattern.test(message))?.[1];
}

const poolerMessages: readonly (readonly [RegExp, StatementFaultKind])[] = [
  [/startup parameter|command-line options/i, 'pooler'],
  [/prepared statement|bind message|portal/i, 'pooler'],
  [/no more connections|query_wait_timeout|too many/i, 'crowded'],
  [/no such (database|user)|password|authentication/i, 'lasting'],
];

const driverCut =
  /^(Connection terminated|timeout expired|Client has encountered a connection error|Client was closed|Received unexpected \w+ message from backend)/;

/**
 * The message with which a fault is logged; undefined if a server is away, or the error is not PostgreSQL's.
 */
export function wordsOf(error: unknown): string | undefined {
  const kind = faultKindOf(error);
  const isOfServer = /^[0-9A-Z]{5}$/.test(codeOf(error));
  if (kind === 'unreachable' || ((kind === 'lasting' || kind === 'refused') && !isOfServer)) return undefined;
  return faultWords[kind];
}

/** Log messages for while the same statement is retried. */
export const faultWords = {
  unreachable: 'server unreachable, retrying',
  silent: 'server did not answer in time, trying again on another connection',
  readOnly: 'server is read-only, looking for the one that takes writes',
  pooler: 'a pooler stands before the server, going on without session state',
  crowded: 'server has no connection or room left, trying again',
  collided: 'transactions collided, trying again',
  cancelled: 'statement was cancelled, trying again',
  locked: 'lock was not granted in time, trying again',
  broken: 'server reports an internal error, trying again',
  refused: 'server refuses a value',
  lasting: 'statement fails, trying again until somebody has fixed the cause',
} as const satisfies Record<StatementFaultKind, string>;
