import type { ExplainedBill, Stand } from './explanation.ts';
import { becauseOf } from './reasons.ts';
import { wayOf, when } from './wording.ts';

/** Claimed, and not handed off yet. */
export function sending(view: ExplainedBill): Stand {
  const gone = goneAt(view);
  const standing = ['It is claimed and in preparation; nothing has left yet.', holderSentence(view)];
  if (gone === null) {
    return {
      standing,
      next: {
        step: 'HAND_OFF',
        by: 'dispatcher',
        at: view.now,
        text: `Within moments it is handed to the provider by ${wayOf(view.bill.channel)}, or its row says why not.`,
      },
    };
  }
  return {
    standing,
    next: {
      step: 'TAKE_BACK',
      by: 'sweeper',
      at: gone,
      text: `${when(gone, view)} the sweeper takes it back, and it is sent anew.`,
    },
  };
}

/** Handed off, the answer under way. */
export function sent(view: ExplainedBill): Stand {
  const { bill, time } = view;
  const gone = goneAt(view);
  const standing = [
    `It was handed to the provider by ${wayOf(bill.channel)}${bill.handedOffAt ? ` at ${time(bill.handedOffAt)}` : ''}, and the answer is not in yet.`,
    'Nobody sends it again before its outcome is known.',
    holderSentence(view),
  ];
  const answer = `accepted: DELIVERED; refused: ${bill.channel === 'EMAIL' ? 'it turns to SMS' : 'FAILED'}`;
  if (gone === null) {
    return {
      standing,
      next: {
        step: 'ANSWER',
        by: 'provider',
        at: null,
        text: `The provider's answer decides (${answer}); without one it is in doubt, and the provider is asked.`,
      },
    };
  }
  return {
    standing,
    next: {
      step: 'DOUBT',
      by: 'sweeper',
      at: gone,
      text: `${when(gone, view)} the sweeper puts it in doubt, and the provider is asked what became of it.`,
    },
  };
}

/** Handed off, the answer lost. */
export function inDoubt(view: ExplainedBill): Stand {
  const { bill, billId, time, now } = view;
  const at = bill.notBefore !== null && bill.notBefore > now ? bill.notBefore : now;
  const because = becauseOf(bill.reason);
  return {
    standing: [
      `It was handed to the provider by ${wayOf(bill.channel)}${bill.handedOffAt ? ` at ${time(bill.handedOffAt)}` : ''}; ` +
        `whether it was accepted is unknown${bill.inDoubtAt ? ` since ${time(bill.inDoubtAt)}` : ''}` +
        `${because === undefined ? '' : `: ${because}`}.`,
      'It is not sent again meanwhile, so that the member does not get it twice.',
      `Whoever learns from the provider what became of it settles it with \`billcast resolve --bill ${billId}\` and --delivered, --resend or --failed.`,
    ],
    next: {
      step: 'LOOKUP',
      by: 'sweeper',
      at,
      text:
        `${when(at, view)} the provider is asked again. If it accepted the bill, it is DELIVERED; if it never did and ` +
        'no longer can, the bill is sent again; if it cannot tell, it is asked later.',
    },
  };
}

/** When its holder counts as gone; null while it is alive. */
function goneAt({ bill, now, claimTtlMs, batchMaxAgeMs }: ExplainedBill): Date | null {
  const { batch } = bill;
  if (batch === null) return new Date(bill.changedAt.getTime() + batchMaxAgeMs);
  const leakedAt = new Date(batch.claimedAt.getTime() + batchMaxAgeMs);
  if (batch.dispatcher === null || leakedAt <= now) return now;
  const silentAt = new Date(batch.dispatcher.heartbeatAt.getTime() + claimTtlMs);
  return silentAt <= now ? now : null;
}

function holderSentence({ bill: { batch }, time }: ExplainedBill): string {
  if (batch === null) return 'No batch of a dispatcher knows of this claim.';
  const since = `since ${time(batch.claimedAt)}`;
  return batch.dispatcher === null
    ? `The dispatcher that holds it ${since} has gone.`
    : `Dispatcher ${batch.dispatcher.name} holds it ${since}; it was last heard of at ${time(batch.dispatcher.heartbeatAt)}.`;
}
