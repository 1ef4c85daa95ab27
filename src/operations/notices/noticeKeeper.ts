import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { createLeasedLoop } from '../../db/leasedLoop.ts';
import {
  addNotices,
  endNotices,
  giveUpNotices,
  type NoticePace,
  takeNotices,
} from '../../db/notices/noticeOutbox.ts';
import { selectUntoldBrakes } from '../../db/notices/untoldBrakes.ts';
import { selectUntoldRunEvents } from '../../db/notices/untoldRunEvents.ts';
import { selectUntoldWebhooks } from '../../db/notices/untoldWebhooks.ts';
import { within } from '../../lib/timeLimit.ts';
import type { Logger } from '../../log/log.ts';
import { brakeNotice } from './brakeNotices.ts';
import { type MessageOptions, noticeMessage } from './noticeMessage.ts';
import type { NoticeTarget } from './noticeTargets.ts';
import { noticedEvents, runNotice } from './runNotices.ts';
import { webhookNotice } from './webhookNotices.ts';

/** Sends people notices of what needs them, in the one process that has the lease. Nothing waits for it. */
export interface NoticeKeeper {
  start(): void;
  /** Waits a moment for running sends. May be called twice. */
  stop(): Promise<void>;
}

export interface NoticeKeeperDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly owner: DispatcherId;
  /** At least one. */
  readonly targets: readonly NoticeTarget[];
  readonly message: MessageOptions;
  /** Default: the pace in production. */
  readonly pace?: NoticePace & { readonly everyMs: number };
}

const leaseMs = 30_000;
/** A stop waits no longer for a mail server. What was not sent by then is sent by the next process. */
const stopMs = 1_000;
/** Older notices are no longer useful. */
const useMs = 86_400_000;

const usualPace = { everyMs: 5_000, quietMs: 300_000, firstWaitMs: 30_000, longestWaitMs: 600_000 };

export function createNoticeKeeper(deps: NoticeKeeperDeps): NoticeKeeper {
  const { database, log, owner, targets, pace = usualPace } = deps;
  const stopping = new AbortController();
  const sending = new Map<NoticeTarget, Promise<void>>();
  const loop = createLeasedLoop({
    database,
    name: 'notices',
    owner,
    leaseMs,
    log,
    async round() {
      await collect(deps);
      // Each target has its own send, so that a mail server that does not answer delays no chat.
      for (const target of targets.filter((one) => !sending.has(one))) {
        const sent = sendDue(deps, target, stopping.signal)
          .catch((error: unknown) => log.error({ err: error, target: target.name }, 'notices cannot be sent'))
          .finally(() => sending.delete(target));
        sending.set(target, sent);
      }
      return pace.everyMs;
    },
    async finish() {
      await within(stopMs, Promise.all(sending.values()));
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

/** Stores notices of what has happened since the last time, and gives up those that are too old. */
async function collect({ database, log, targets, message: { time } }: NoticeKeeperDeps): Promise<void> {
  const brakes = await selectUntoldBrakes(database, useMs);
  const events = await selectUntoldRunEvents(database, { withinMs: useMs, names: noticedEvents });
  const webhooks = await selectUntoldWebhooks(database, useMs);
  const notices = [
    ...brakes.map((change) => brakeNotice(change, time)),
    ...events.flatMap((event) => runNotice(event, time) ?? []),
    ...webhooks.map(webhookNotice),
  ];
  await addNotices(
    database,
    notices,
    targets.map(({ name }) => name),
  );
  for (const target of await giveUpNotices(database, useMs)) {
    log.error({ target }, 'a notice could not be sent for a day and is given up');
  }
}

async function sendDue(deps: NoticeKeeperDeps, target: NoticeTarget, signal: AbortSignal): Promise<void> {
  const { database, log, message: options, pace = usualPace } = deps;
  while (!signal.aborted) {
    const notices = await takeNotices(database, target.name, pace);
    const message = noticeMessage(notices, options);
    if (message === undefined) return;
    const ids = notices.map(({ id }) => id);
    try {
      const problem = (await target.send(message)) ?? null;
      await endNotices(database, ids, { isSent: true, problem });
      if (problem !== null) log.warn({ target: target.name, why: problem }, 'a notice was sent to some only');
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      await endNotices(database, ids, { isSent: false, problem });
      log.warn({ target: target.name, why: problem }, 'a notice could not be sent, trying again');
    }
  }
}
