import { nextChannel } from '../../ladder.ts';
import type { ExplainedBill, Stand } from './explanation.ts';
import { becauseOf } from './reasons.ts';
import { wayOf, when } from './wording.ts';

/** Explains a bill that is claimed, and not handed off yet. */
export function sending(view: ExplainedBill): Stand {
  const gone = goneAt(view);
  const standing = ['It is claimed and being prepared; nothing is sent yet.', holderSentence(view)];
  if (gone === null) {
    return {
      standing,
      next: {
        step: 'HAND_OFF',
        by: 'dispatcher',
        at: view.now,
        text:
          `Within moments it is handed to the provider by ${wayOf(view.bill.channel)}, or its row ` +
          'says why not.',
      },
    };
  }
  return {
    standing,
    next: {
      step: 'TAKE_BACK',
      by: 'sweeper',
      at: gone,
      text: `${when(gone, view)} the sweeper takes it back, and it is sent again.`,
    },
  };
}

/** Explains a bill that is handed off, and has no answer yet. */
export function sent(view: ExplainedBill): Stand {
  const { bill } = view;
  const gone = goneAt(view);
  const standing = [
    `${handOffText(view)}, and the answer has not come yet.`,
    'It is not sent again before its outcome is known.',
    holderSentence(view),
  ];
  const next = nextChannel(view.ladder, bill, 'refused');
  const refused = next === undefined ? 'FAILED' : `it turns to ${wayOf(next)}`;
  if (gone === null) {
    return {
      standing,
      next: {
        step: 'ANSWER',
        by: 'provider',
        at: null,
        text:
          `The provider's answer decides (accepted: DELIVERED; refused: ${refused}); without one it is ` +
          'in doubt, and the provider is asked.',
      },
    };
  }
  return {
    standing,
    next: {
      step: 'DOUBT',
      by: 'sweeper',
      at: gone,
      text:
        `${when(gone, view)} the sweeper puts it in doubt, and the provider is asked whether it ` +
        'accepted it.',
    },
  };
}

/** Explains a bill that was handed off, and whose answer was lost. */
export function inDoubt(view: ExplainedBill): Stand {
  const { bill, billId, time, now } = view;
  const at = bill.notBefore !== null && bill.notBefore > now ? bill.notBefore : now;
  const since = bill.inDoubtAt === null ? '' : ` since ${time(bill.inDoubtAt)}`;
  const reason = becauseOf(bill.reason);
  const because = reason === undefined ? '' : `: ${reason}`;
  return {
    standing: [
      `${handOffText(view)}; whether it was accepted is unknown${since}${because}.`,
      'It is not sent again until that is known, so that the member does not get it twice.',
      'If you learn from the provider whether it accepted it, settle it with `billcast resolve ' +
        `--bill ${billId}\` and \`--delivered\`, \`--resend\` or \`--failed\`.`,
    ],
    next:
      view.canBeAsked === false
        ? {
            step: 'LOOKUP',
            by: 'person',
            at: null,
            text: 'Nothing by itself: its provider has no look-up, or is no longer set. So a person asks it.',
          }
        : {
            step: 'LOOKUP',
            by: 'sweeper',
            at,
            text:
              `${when(at, view)} the provider is asked again. If it accepted the bill, it is DELIVERED; ` +
              'if it never did and no longer can, the bill is sent again; if it does not know, it is asked again later.',
          },
  };
}

function handOffText({ bill, time }: ExplainedBill): string {
  const at = bill.handedOffAt === null ? '' : ` at ${time(bill.handedOffAt)}`;
  return `It was handed to the provider by ${wayOf(bill.channel)}${at}`;
}

/** When the dispatcher that holds the bill counts as gone; null while it is alive. */
function goneAt({ bill, now, claimTtlMs, batchMaxAgeMs }: ExplainedBill): Date | null {
  const { batch } = bill;
  if (batch === null) return new Date(bill.changedAt.getTime() + batchMaxAgeMs);
  const leakedAt = new Date(batch.claimedAt.getTime() + batchMaxAgeMs);
  if (batch.dispatcher === null || leakedAt <= now) return now;
  const silentAt = new Date(batch.dispatcher.heartbeatAt.getTime() + claimTtlMs);
  return silentAt <= now ? now : null;
}

function holderSentence({ bill: { batch }, time }: ExplainedBill): string {
  if (batch === null) return 'No dispatcher has a batch with this claim.';
  const since = `since ${time(batch.claimedAt)}`;
  return batch.dispatcher === null
    ? `The dispatcher that has held it ${since} is gone.`
    : `Dispatcher ${batch.dispatcher.name} has held it ${since}; its last heartbeat was at ` +
        `${time(batch.dispatcher.heartbeatAt)}.`;
}
