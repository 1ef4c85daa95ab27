import type { FastifyRequest } from 'fastify';
import { v4 as newId } from 'uuid';
import type { BillId } from '../bill.ts';
import { type Access, type AccessResult, addAccessRecord } from '../db/accessRecords.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log/log.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the access records of this route say: it changes something, or opens what is sealed. */
    access?: string;
    /** Who is behind an open route, in its access records. */
    openTo?: string;
  }
  interface FastifyRequest {
    /** Whether an access record of this request is kept. */
    isRecorded: boolean;
  }
}

/** Whose bills, and why. */
export interface Concern {
  readonly billIds?: readonly BillId[];
  /** If there are more than are named. */
  readonly bills?: number;
  readonly reason?: string | undefined;
}

export interface Recorder {
  /** Records a change before it begins, and how it ended. */
  change<T>(request: FastifyRequest, concern: Concern, work: () => Promise<T>): Promise<T>;
  /**
   * Records that bills are handed out, before the first, and at the end how many there were.
   * @param parts each says its number of bills
   */
  handedOut<Part extends { readonly bills: number }>(
    request: FastifyRequest,
    concern: Concern,
    parts: AsyncIterable<Part>,
  ): Promise<AsyncIterable<Part>>;
  /** Records that something sealed is shown, before it is. */
  shown(request: FastifyRequest, concern: Concern): Promise<void>;
  /** Records that somebody was not allowed to. They stay refused if that fails. */
  refused(request: FastifyRequest, concern?: Concern): Promise<void>;
}

const billsNamed = 10;

/** Keeps the access records of the API. What cannot be recorded is not done. */
export function createRecorder({
  database,
  log,
}: {
  readonly database: Database;
  readonly log: Logger;
}): Recorder {
  const record = async (request: FastifyRequest, result: AccessResult, concern: Concern): Promise<void> => {
    const head = await addAccessRecord(database, newId(), accessOf(request, result, concern));
    request.isRecorded = true;
    // A copy of the log elsewhere can prove that the chain was not rewritten.
    if (head !== undefined) log.info({ ...head, requestId: request.id }, 'access recorded');
  };
  return {
    async change(request, concern, work) {
      await record(request, 'begun', concern);
      try {
        const done = await work();
        await record(request, 'done', concern);
        return done;
      } catch (error) {
        await record(request, 'failed', concern);
        throw error;
      }
    },
    async handedOut(request, concern, parts) {
      await record(request, 'begun', concern);
      return counted(parts, (result, bills) => record(request, result, { ...concern, bills }));
    },
    shown: (request, concern) => record(request, 'done', concern),
    refused: (request, concern = {}) =>
      record(request, 'refused', concern).catch((error: unknown) =>
        log.error({ err: error, requestId: request.id }, 'refusal could not be recorded'),
      ),
  };
}

/** Also if the reader of the parts stops halfway: then it has failed. */
async function* counted<Part extends { readonly bills: number }>(
  parts: AsyncIterable<Part>,
  end: (result: AccessResult, bills: number) => Promise<void>,
): AsyncGenerator<Part> {
  let bills = 0;
  let result: AccessResult = 'failed';
  try {
    for await (const part of parts) {
      bills += part.bills;
      yield part;
    }
    result = 'done';
  } finally {
    await end(result, bills);
  }
}

function accessOf(
  { identity, ip, id, routeOptions }: FastifyRequest,
  result: AccessResult,
  { billIds = [], bills = billIds.length, reason }: Concern,
): Access {
  return {
    who: identity?.name ?? routeOptions.config.openTo ?? 'nobody',
    roles: identity?.roles ?? [],
    from: ip,
    what: routeOptions.config.access ?? 'unknown',
    billIds: billIds.slice(0, billsNamed),
    bills,
    reason: reason ?? null,
    result,
    requestId: id,
  };
}
