import type { z } from 'zod';
import type { BillId } from '../../bill.ts';
import { type HeldSelection, releaseBills } from '../../operations/releaseBills.ts';
import type { Concern } from '../access.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { publishAnswer, publishRequest } from '../contract/publishContract.ts';
import { idempotencyHeader, oncePerKey } from '../idempotency.ts';
import { actorOf } from '../identity/actor.ts';

/** A month may have ten million bills. */
const limitMs = 15 * 60_000;

/** Releases held bills. */
export function addPublishRoute(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/publish',
    {
      config: { permission: 'control', access: 'publish' },
      handlerTimeout: limitMs,
      schema: {
        tags: ['control'],
        summary:
          'Releases held bills: the relay publishes their events. Bills that are released already are not counted again',
        headers: idempotencyHeader,
        body: publishRequest,
        response: { 200: publishAnswer },
      },
    },
    (request, reply) =>
      oncePerKey(deps.database, { request, reply }, () =>
        deps.recorder.change(request, concernOf(request.body), async () => {
          const wanted = releaseOf(request.body);
          const actor = actorOf(request);
          const { published, dispatchers, isPaused } = await releaseBills(deps, { ...wanted, actor });
          const notBefore = wanted.notBefore?.toISOString() ?? null;
          return { published, notBefore, dispatchers, paused: isPaused };
        }),
      ),
  );
}

type PublishRequest = z.infer<typeof publishRequest>;

function releaseOf(body: PublishRequest): HeldSelection {
  const notBefore = body.notBefore === undefined ? undefined : new Date(body.notBefore);
  if ('month' in body) return { month: `${body.month}-01`, notBefore };
  return 'billIds' in body ? { billIds: billIdsOf(body.billIds), notBefore } : { notBefore };
}

function concernOf(body: PublishRequest): Concern {
  if ('month' in body) return { reason: body.month };
  return 'billIds' in body ? { billIds: billIdsOf(body.billIds) } : { reason: 'all months' };
}

function billIdsOf(ids: readonly (string | number)[]): BillId[] {
  return ids.map((id) => String(id) as BillId);
}
