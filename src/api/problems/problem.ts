import type { Told } from '../contract/toldContract.ts';
import { toldOf } from '../told/toldOf.ts';
import { type ProblemCode, problemKinds } from './problemCodes.ts';

/** One wrong value of a request, by its JSON pointer. */
export interface ProblemError {
  readonly pointer: string;
  readonly detail: string;
}

/** A problem document of RFC 9457. */
export interface ProblemDocument {
  /** The page that explains the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** The detail as codes with facts, for other languages. */
  readonly detailTold?: Told;
  /** The id of the request, as a URN. */
  readonly instance: string;
  readonly code: ProblemCode;
  readonly errors?: readonly ProblemError[];
}

/** Ends a request with a problem document. The detail is shown to the caller and holds no personal data. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly ProblemError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail = '', { errors, headers = {}, cause }: ProblemOptions = {}) {
    super(detail, { cause });
    this.name = 'Problem';
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

interface ProblemOptions {
  readonly errors?: readonly ProblemError[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

export function documentOf({ code, message, errors }: Problem, requestId: string): ProblemDocument {
  const { status, title } = problemKinds[code];
  return {
    type: `/docs/problems/${code}`,
    title,
    status,
    ...(message !== '' && { detail: message, detailTold: toldOf(message) }),
    instance: `urn:uuid:${requestId}`,
    code,
    ...(errors !== undefined && { errors }),
  };
}
