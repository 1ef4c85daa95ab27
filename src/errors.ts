/** The stable codes of billcast's own errors. Operators search for them, so a code is never renamed. */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'USAGE'
  | 'NOT_FOUND'
  | 'JAVA_MISSING'
  | 'MAVEN_MISSING'
  | 'EMBEDDED_FAILED'
  | 'MIGRATION_FAILED'
  | 'DATABASE_FAILED'
  | 'SCHEMA_MISMATCH'
  | 'SOURCE_INVALID'
  | 'MODULE_INVALID'
  | 'TEMPLATE_INVALID'
  | 'CIPHER_FAILED'
  | 'RENDER_POOL_FAILED'
  | 'KAFKA_FAILED'
  | 'KAFKA_SETTINGS'
  | 'LEDGER_FAILED'
  | 'CHAOS_FAILED'
  | 'MONTH_BUSY'
  | 'STOP_INCOMPLETE'
  | 'API_FAILED'
  | RunErrorCode;

/** Why something about a run is refused; the API answers with the same codes. */
export type RunErrorCode =
  | 'RUN_NOT_FOUND'
  | 'RUN_EXISTS'
  | 'RUN_MOVED_ON'
  | 'RUN_CHANGED'
  | 'NOT_AS_APPROVED'
  | 'APPROVAL_NEEDED'
  | 'OWN_RUN';

/**
 * An error that billcast itself reports. The message says what to do and holds no personal data. `cause` is
 * the original error.
 */
export class BillcastError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BillcastError';
    this.code = code;
  }
}
