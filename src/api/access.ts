import type { FastifyRequest } from 'fastify';
import { v4 as newId } from 'uuid';
import type { BillId } from '../bill.ts';
import { type Access, type AccessResult, addAccessRecord } from '../db/accessRecords.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log/log.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The name of this route in access records. It has one if it changes something, or opens sealed values.
     */
    access?: string;
    /** Who uses an open route, for its access records. */
    openTo?: string;
  }
  interface FastifyRequest {
    /** Whether an access record was written for this request. */
    isRecorded: boolean;
  }
}

/** Which bills an access is about, and why. */
export interface Concern {
  readonly billIds?: readonly BillId[];
  /** The number of bills, if there are more than are named. */
  readonly bills?: number;
  readonly reason?: string | undefined;
}

export interface Recorder {
  /** Records a change before it begins, and its result. */
  change<T>(request: FastifyRequest, concern: Concern, work: () => Promise<T>): Promise<T>;
  /**
   * Records before the first part that bills are handed out, and at the end how many there were.
   * @param parts each says how many bills it has
   */
  handedOut<Part extends { readonly bills: number }>(
    request: FastifyRequest,
    concern: Concern,
    parts: AsyncIterable<Part>,
  ): Promise<AsyncIterable<Part>>;
  /** Records, before it is shown, that something sealed is shown. */
  shown(request: FastifyRequest, concern: Concern): Promise<void>;
  /** Records a refused request. The request stays refused if the record fails. */
  refused(request: FastifyRequest, concern?: Concern): Promise<void>;
}

const billsNamed = 10;

/** Writes the access records of the API. If something cannot be recorded, it is not done. */
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

/** Counts the bills. If the reader of the parts stops halfway, the access counts as failed. */
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
