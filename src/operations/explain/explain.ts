import type { SendStatus } from '../../bill.ts';
import type { BillHistory, EarlyEventFacts } from '../../db/reads/billHistory.ts';
import { timeIn } from '../../lib/timeText.ts';
import { cancelled, delivered, failed } from './ended.ts';
import {
  type ExplainedBill,
  type Explanation,
  type Next,
  nothing,
  type Stand,
  type Surroundings,
  type View,
} from './explanation.ts';
import { historyLines } from './history.ts';
import { pending } from './pending.ts';
import { switchSentences } from './switches.ts';
import { inDoubt, sending, sent } from './unfinished.ts';
import { wayOf, when } from './wording.ts';

/** Explains a bill. Pure: its time is the database's at the moment when the facts were read. */
export function explain(history: BillHistory, surroundings: Surroundings): Explanation {
  const { bill } = history;
  const view: View = { ...surroundings, ...history, time: timeIn(surroundings.timeZone) };
  const stand = bill === null ? unknownBill(view) : explainState({ ...view, bill });
  return {
    standing: [...stand.standing, ...runSentence(bill), ...switchSentences(view)],
    next: afterStart(stand.next, view),
    history: historyLines(history, view),
  };
}

function runSentence(bill: BillHistory['bill']): string[] {
  const run = bill?.run ?? null;
  return run === null ? [] : [`Run ${run} released it: \`billcast run show ${run}\`.`];
}

/** The bill's state in one line. */
export function headlineOf({ billId, bill }: BillHistory): string {
  if (bill === null) return `bill ${billId}: unknown`;
  const month = bill.month === null ? '' : ` of ${bill.month}`;
  const status: SendStatus | 'HELD' =
    bill.publishStatus === 'HELD' && bill.sendStatus === 'PENDING' ? 'HELD' : bill.sendStatus;
  return `bill ${billId}${month}: ${status}, ${wayOf(bill.channel)}, cycle ${bill.cycle}`;
}

function explainState(view: ExplainedBill): Stand {
  const { sendStatus } = view.bill;
  switch (sendStatus) {
    case 'PENDING':
      return pending(view);
    case 'SENDING':
      return sending(view);
    case 'SENT':
      return sent(view);
    case 'IN_DOUBT':
      return inDoubt(view);
    case 'DELIVERED':
      return delivered(view);
    case 'FAILED':
      return failed(view);
    case 'CANCELLED':
      return cancelled(view);
    default:
      return sendStatus satisfies never;
  }
}

function unknownBill(view: View): Stand {
  const [event] = view.early;
  return event === undefined ? strangeBill(view) : awaitedBill(view, event);
}

function strangeBill({ billId, poison }: View): Stand {
  return {
    standing: [
      `billcast does not know bill ${billId}: it has no row in bill_notification.`,
      poison.length > 0
        ? 'Records for it came and were quarantined, see the history.'
        : 'No record for it came either.',
    ],
    next: nothing('Check the id; if it is right, the billing batch has not handed this bill over.'),
  };
}

/** Explains a bill whose event came before its row, and is kept. */
function awaitedBill(view: View, { receivedAt }: EarlyEventFacts): Stand {
  const { billId, time, earlyEventMaxMs } = view;
  const until = new Date(receivedAt.getTime() + earlyEventMaxMs);
  return {
    standing: [
      `billcast does not know bill ${billId} yet: it has no row in bill_notification.`,
      `An event for it came at ${time(receivedAt)}, before its row, and is kept.`,
    ],
    next: {
      step: 'WAIT',
      by: 'sweeper',
      at: until,
      text:
        'When the billing batch commits its row, it is released within seconds. ' +
        `${when(until, view)} the event is deleted; its dead letter is published before that.`,
    },
  };
}

/** Relay and sweeper run inside dispatchers: if none is running, nothing happens by itself. */
function afterStart(next: Next, { lastHeartbeatAt, now, claimTtlMs, time }: View): Next {
  const isAutomatic = next.by === 'relay' || next.by === 'dispatcher' || next.by === 'sweeper';
  const isAlive = lastHeartbeatAt !== null && now.getTime() - lastHeartbeatAt.getTime() < claimTtlMs;
  if (!isAutomatic || isAlive) return next;
  const heard = lastHeartbeatAt === null ? '' : `, the last heartbeat was at ${time(lastHeartbeatAt)}`;
  return {
    step: 'START_DISPATCHER',
    by: 'person',
    at: null,
    text: `No dispatcher runs${heard}: nothing happens until one is started. Then: ${next.text}`,
  };
}
