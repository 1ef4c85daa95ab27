import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isTransient } from '../../db/statementFault.ts';
import { BillcastError, type ErrorCode } from '../../errors.ts';
import { Problem, type ProblemError } from './problem.ts';
import { type ProblemCode, problemKinds } from './problemCodes.ts';

/** The problem document for whatever ended a request. Of an unknown error, nothing is shown outside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return new Problem('REQUEST_INVALID', '', { errors: errorsOf(error), cause: error });
  }
  if (error instanceof BillcastError && error.code === 'USAGE') {
    return new Problem('REQUEST_INVALID', error.message, { cause: error });
  }
  if (error instanceof BillcastError && isProblemCode(error.code)) {
    return new Problem(error.code, error.message, { cause: error });
  }
  if (error instanceof BillcastError && kafkaCodes.has(error.code)) {
    return new Problem('KAFKA_AWAY', error.message, { cause: error });
  }
  if (isTransient(error)) return new Problem('DATABASE_AWAY', '', { cause: error });
  return isFastifyError(error) ? problemOfFastify(error) : new Problem('FAULT', '', { cause: error });
}

const kafkaCodes: ReadonlySet<ErrorCode> = new Set(['KAFKA_FAILED', 'KAFKA_SETTINGS']);

function problemOfFastify(error: FastifyError): Problem {
  const options = { cause: error };
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('BODY_TOO_LARGE', '', options);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('MEDIA_TYPE_UNKNOWN', '', options);
    case 'FST_ERR_HANDLER_TIMEOUT':
      return new Problem('NOT_IN_TIME', '', options);
    case 'FST_ERR_ROUTE_METHOD_NOT_SUPPORTED':
      return new Problem('METHOD_NOT_ALLOWED', '', options);
    default:
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? new Problem('BODY_UNREADABLE', '', options)
        : new Problem('FAULT', '', options);
  }
}

/** If a command refuses something for the same reason, it uses the same code. */
function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemKinds, code);
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** Pointers begin with the part of the request: `/body/month`, `/querystring/limit`. */
function errorsOf(error: {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string }[];
  readonly validationContext?: string;
}): ProblemError[] {
  const part = error.validationContext ?? 'body';
  return error.validation.map(({ instancePath, message = 'is not allowed' }) => ({
    pointer: `/${part}${instancePath}`.replace(/\/$/, ''),
    detail: message,
  }));
}
