import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { createLeasedLoop, type LeasedLoop } from '../../db/leasedLoop.ts';
import { numberOutcomes } from '../../db/outcomes/numberOutcomes.ts';
import type { Publisher } from '../../kafka/publisher.ts';
import { createOnce } from '../../lib/createOnce.ts';
import { within } from '../../lib/timeLimit.ts';
import type { Logger } from '../../log/log.ts';
import { createOutage } from '../../log/outage.ts';
import { OutcomePages } from './outcomePages.ts';

export interface OutcomeWriterDeps {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly topic: string;
  /** Makes the topic if it is missing. Called only if there is something to publish. */
  readonly ensureTopic: () => Promise<void>;
  readonly owner: DispatcherId;
  readonly leaseMs: number;
  readonly log: Logger;
}

const leaseName = 'outcomes';
const numberedAtOnce = 5_000;
/** The longest that a single outcome waits. */
const idleMs = 100;
/** While outcomes are off: how often it is checked whether they are on. */
const offMs = 1_000;
const finishMs = 3_000;
/** Numbering does not wait for brokers that are silent: feed and webhooks go on without them. */
const patienceMs = 1_000;

/**
 * The one writer of outcomes: it numbers what is owed, then publishes by number. A lease ensures that one
 * process at a time does so. Should two do it, the lock on the counter ensures that no number is given twice.
 */
export function createOutcomeWriter(deps: OutcomeWriterDeps): LeasedLoop {
  const { database, owner, leaseMs, log, publisher, topic } = deps;
  const pages = new OutcomePages({
    database,
    publisher,
    topic,
    lease: { name: leaseName, owner },
    log,
  });
  const publishing = createPublishing(deps, pages);
  let lastRoundAt = Number.NEGATIVE_INFINITY;
  return createLeasedLoop({
    database,
    name: leaseName,
    owner,
    leaseMs,
    log,
    async round() {
      const now = performance.now();
      if (now - lastRoundAt > leaseMs / 2) pages.forgetCursors();
      lastRoundAt = now;
      const { numbered, last, isOn } = await numberOutcomes(database, numberedAtOnce);
      const hasMore = last > 0 && (await publishing(last));
      if (hasMore || numbered >= numberedAtOnce) return 0;
      return isOn ? idleMs : offMs;
    },
    async finish() {
      await pages.finish(finishMs);
      await publisher.stop();
    },
  });
}

/** Publishes a page at a time, in the background if that takes long. @returns whether there is more */
function createPublishing(
  { log, ensureTopic }: OutcomeWriterDeps,
  pages: OutcomePages,
): (last: number) => Promise<boolean> {
  const outage = createOutage(log, 'kafka');
  const ensured = createOnce(ensureTopic);
  let running: Promise<boolean> | undefined;
  const publish = async (last: number): Promise<boolean> => {
    try {
      await ensured();
      const hasMore = await pages.publishPage(last);
      outage.succeeded();
      return hasMore;
    } catch (error) {
      outage.failed(error);
      return false;
    } finally {
      running = undefined;
    }
  };
  return async (last) => {
    running ??= publish(last);
    return (await within(patienceMs, running)) ?? false;
  };
}
