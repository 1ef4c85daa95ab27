/** The explanation of a code, for its page. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What it means and what to do. */
  readonly help: string;
}

/** The stable codes of the API's problem documents. Clients compare them, so a code is never renamed. */
export const problemKinds = {
  REQUEST_INVALID: {
    status: 400,
    title: 'The request has a value that is not allowed',
    help: 'Each entry of `errors` points to a value and says what is wrong with it. Correct these and send it again.',
  },
  BODY_UNREADABLE: {
    status: 400,
    title: 'The body cannot be read',
    help: 'The body must be one JSON document in UTF-8, as long as its Content-Length says.',
  },
  NOT_SIGNED_IN: {
    status: 401,
    title: 'The request has no valid token',
    help: 'Send `Authorization: Bearer <token>`, or sign in by `POST /api/v1/session`. A token that has expired is not valid.',
  },
  SIGNATURE_WRONG: {
    status: 401,
    title: 'The webhook is not signed by the secret that is set',
    help:
      'Compare the secret of the provider with its entry in INBOUND_SECRETS, and the clocks. ' +
      'Some providers sign the address that they call: set INBOUND_URL if a proxy stands before the api.',
  },
  NOT_ALLOWED: {
    status: 403,
    title: 'Your role may not do this',
    help: 'The document at /api/v1/openapi.json says which roles may call each route. Somebody with such a role must do it.',
  },
  CROSS_SITE: {
    status: 403,
    title: 'The request came from another site',
    help: 'A change that is signed by a cookie must come from a page of this server, and its Host must be this server.',
  },
  APPROVAL_NEEDED: {
    status: 403,
    title: 'This takes the approval of another person',
    help:
      'FOUR_EYES is set. Plan a run by POST /api/v1/runs; somebody else with the role approver and a token of their own ' +
      'approves it; then start it.',
  },
  OWN_RUN: {
    status: 403,
    title: 'Nobody approves their own run',
    help: 'Another person with the role approver approves it. `requestedBy` of the run says who asked for it last.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'There is nothing at this address',
    help: 'Compare the path with the document at /api/v1/openapi.json.',
  },
  OUTCOMES_GONE: {
    status: 410,
    title: 'Some of the outcomes that follow are not kept any more',
    help:
      'They are kept for RETENTION_OUTCOMES_DAYS. Begin with the first number that is kept, ' +
      'and compare what you lack with an export.',
  },
  BILL_NOT_FOUND: {
    status: 404,
    title: 'There is no such bill',
    help: 'Check the number. If it is right, the billing batch has not handed this bill over.',
  },
  MEMBER_NOT_FOUND: {
    status: 404,
    title: 'There is no such member',
    help: 'Check the id. If it is right, no bill of this member was registered, and no event has named one.',
  },
  ACTION_NOT_FOUND: {
    status: 404,
    title: 'There is no such action',
    help: 'Its id comes with the answer to POST /api/v1/actions. Actions are listed at GET /api/v1/actions.',
  },
  FORECAST_NOT_FOUND: {
    status: 404,
    title: 'There is no such forecast',
    help: 'They are kept for 90 days. The newest are listed at GET /api/v1/forecasts.',
  },
  DEAD_LETTER_NOT_FOUND: {
    status: 404,
    title: 'There is no such dead letter',
    help: 'It may have been purged. Records are listed at GET /api/v1/dead-letters.',
  },
  RUN_NOT_FOUND: {
    status: 404,
    title: 'There is no such run',
    help: 'Runs are listed at GET /api/v1/runs.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'This address does not know the method',
    help: 'The header `Allow` has the methods that it knows.',
  },
  TIMED_OUT: {
    status: 408,
    title: 'The request took too long to arrive',
    help: 'The whole request must arrive within 60 seconds.',
  },
  IDEMPOTENCY_KEY_BUSY: {
    status: 409,
    title: 'The first request with this Idempotency-Key is not done yet',
    help: 'Wait and send it again: then you get the answer to the first one.',
  },
  ACTION_MOVED_ON: {
    status: 409,
    title: 'The action is not in a state that allows this',
    help: '`detail` says which state it is in. An action starts once; make another one to act again.',
  },
  RUN_MOVED_ON: {
    status: 409,
    title: 'The run is not in a state that allows this',
    help: '`detail` says which state it is in, and what may be done with it now.',
  },
  RUN_CHANGED: {
    status: 409,
    title: 'The run has another plan than the one that was seen',
    help: 'Somebody changed it meanwhile. Get it again, look at its plan, and send the new `planHash`.',
  },
  RUN_EXISTS: {
    status: 409,
    title: 'There is a run of this name already',
    help: 'Give it another `runId`, or none.',
  },
  NOT_AS_APPROVED: {
    status: 409,
    title: 'Something is not as it was when the run was approved',
    help:
      '`detail` says what: a template, or the bills. Put it back, or change the run (POST .../change with its plan) and ' +
      'have it approved again.',
  },
  ACTION_EXPIRED: {
    status: 409,
    title: 'What the action saw is too old',
    help: 'Make the action again with `dryRun`, look at its count and sample, and start that one.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    help: 'A body may have 1 MiB, and a statement 256 MiB. Split the request.',
  },
  MEDIA_TYPE_UNKNOWN: {
    status: 415,
    title: 'The body is not JSON',
    help: 'Send `Content-Type: application/json`, and a statement as `text/csv`.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'This Idempotency-Key belongs to another request',
    help: 'A key stands for one request. Use a new key for a request with another body.',
  },
  SELECTION_TOO_LARGE: {
    status: 422,
    title: 'The selection has too many bills',
    help: 'Narrow it by month, reason, state or time.',
  },
  PREVIEW_FAILED: {
    status: 422,
    title: 'The bill cannot be rendered',
    help: '`detail` has the reason code of the bill: its data, its keys or the templates need attention.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    title: 'Too many requests',
    help: 'Wait as many seconds as `Retry-After` says. API_REQUESTS_PER_SECOND sets the limit.',
  },
  FAULT: {
    status: 500,
    title: 'billcast made a mistake',
    help: 'The log of the api process has the cause under the id of this request, which is at the end of `instance`.',
  },
  DATABASE_AWAY: {
    status: 503,
    title: 'The database does not answer',
    help: 'Try again later. `npx billcast doctor` says what is wrong with it.',
  },
  KAFKA_AWAY: {
    status: 503,
    title: 'Kafka does not answer, or refuses this',
    help: '`detail` says what was done and what was not. Try again later. `npx billcast doctor` says what is wrong with Kafka.',
  },
  NOT_IN_TIME: {
    status: 503,
    title: 'The answer took too long',
    help: 'The server was too busy, or the request asks for too much. It may still be done: look before you send it again.',
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof problemKinds;

export const problemCodes = Object.keys(problemKinds) as readonly ProblemCode[];
