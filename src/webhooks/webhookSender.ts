import type { DispatcherId } from '../bill.ts';
import type { Database } from '../db/database.ts';
import { createLeasedLoop, type LeasedLoop } from '../db/leasedLoop.ts';
import { listDueEndpoints, type WebhookEndpoint } from '../db/outcomes/webhookEndpoints.ts';
import { within } from '../lib/timeLimit.ts';
import type { Logger } from '../log/log.ts';
import { createThrottledLog } from '../log/throttledLog.ts';
import { deliverNext } from './deliverNext.ts';
import type { WebhookPoster } from './postWebhook.ts';

export interface WebhookSenderDeps {
  readonly database: Database;
  readonly poster: WebhookPoster;
  /** `WEBHOOK_KEY`; without it nothing is delivered. */
  readonly key: string | undefined;
  readonly owner: DispatcherId;
  readonly leaseMs: number;
  readonly log: Logger;
}

const restMs = 500;
const finishMs = 3_000;

/**
 * Delivers the outcomes to all endpoints. Each gets one message at a time, so its outcomes arrive in order,
 * and no endpoint waits for another. A lease ensures that one process at a time does this.
 */
export function createWebhookSender(deps: WebhookSenderDeps): LeasedLoop {
  const { database, poster, key, owner, leaseMs, log } = deps;
  const stopping = new AbortController();
  const throttled = createThrottledLog(log);
  const busy = new Map<string, Promise<void>>();
  let leadsUntil = 0;

  const work = async (endpoint: WebhookEndpoint, secretKey: string): Promise<void> => {
    const delivery = { ...deps, key: secretKey, signal: stopping.signal };
    for (let next: WebhookEndpoint | undefined = endpoint; next !== undefined; ) {
      const mayGoOn: boolean = !stopping.signal.aborted && performance.now() < leadsUntil;
      next = mayGoOn ? await deliverNext(delivery, next) : undefined;
    }
  };

  const start = (endpoint: WebhookEndpoint, secretKey: string): void => {
    const { id } = endpoint;
    const running = work(endpoint, secretKey)
      .catch((error: unknown) => log.warn({ webhook: id, err: error }, 'webhook could not be delivered'))
      .finally(() => busy.delete(id));
    busy.set(id, running);
  };

  const loop = createLeasedLoop({
    database,
    name: 'webhooks',
    owner,
    leaseMs,
    log,
    async round() {
      leadsUntil = performance.now() + leaseMs / 2;
      const due = await listDueEndpoints(database);
      if (key === undefined) {
        if (due.length > 0) throttled.warn('webhooks get nothing: set WEBHOOK_KEY', { webhooks: due.length });
        return leaseMs / 4;
      }
      for (const endpoint of due) {
        if (!busy.has(endpoint.id)) start(endpoint, key);
      }
      return restMs;
    },
    async finish() {
      await within(finishMs, Promise.all(busy.values()));
      await poster.stop();
    },
  });
  return {
    start: loop.start,
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}
