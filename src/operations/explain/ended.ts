import { firstChannel, nextChannel } from '../../ladder.ts';
import { type ExplainedBill, type Next, nothing, type Stand } from './explanation.ts';
import { becauseOf, remedyOf } from './reasons.ts';
import { wayOf, when } from './wording.ts';

/** Explains a bill that a provider accepted, from billcast or before billcast had it. */
export function delivered(view: ExplainedBill): Stand {
  return {
    standing: [deliveredSentence(view)],
    next: nothing(
      'Nothing more happens automatically. Only the provider knows whether it arrived. ' +
        `\`billcast resend --bill ${view.billId}\` sends it again` +
        afterBounce(view),
    ),
  };
}

function afterBounce({ bill, ladder }: ExplainedBill): string {
  const next = nextChannel(ladder, bill, 'bounced');
  return next === undefined
    ? '.'
    : `; if the ${wayOf(bill.channel)} came back, \`billcast bounce\` sends it by ${wayOf(next)}.`;
}

function deliveredSentence({ bill, journal, time }: ExplainedBill): string {
  const accepted = journal.findLast(({ outcome, applied }) => outcome === 'ACCEPTED' && applied);
  const settled = journal.findLast(({ outcome, applied }) => outcome === 'RESOLVED_DELIVERED' && applied);
  if (accepted === undefined && settled !== undefined) {
    return (
      `It was in doubt, and ${settled.actor} settled at ${time(settled.finishedAt)} that it was ` +
      `delivered by ${wayOf(bill.channel)}.`
    );
  }
  const id = accepted?.providerId ? ` (its id for it: ${accepted.providerId})` : '';
  return bill.claimed || accepted
    ? `The provider accepted it by ${wayOf(bill.channel)} at ` +
        `${time(accepted?.finishedAt ?? bill.changedAt)}${id}.`
    : 'It was DELIVERED when billcast got it: billcast did not send it.';
}

/** Explains a bill that failed in this cycle. Another cycle may follow. */
export function failed(view: ExplainedBill): Stand {
  const { bill, time } = view;
  const owed = bill.publishStatus !== 'PUBLISHED';
  return {
    standing: [
      `It failed in cycle ${bill.cycle}: ${becauseOf(bill.reason) ?? 'no reason is recorded'}.`,
      owed
        ? 'Its dead letter is not published yet.'
        : `Its dead letter was published${bill.publishedAt ? ` at ${time(bill.publishedAt)}` : ''}.`,
    ],
    next: owed ? deadLetterFirst(view) : afterFailure(view),
  };
}

/** Explains a bill that a person cancelled, for good. */
export function cancelled({ bill, journal, time }: ExplainedBill): Stand {
  const entry = journal.findLast(({ outcome, applied }) => outcome === 'CANCELLED' && applied);
  const by = entry === undefined ? '' : `, by ${entry.actor}`;
  const standing = [`It was cancelled at ${time(entry?.finishedAt ?? bill.changedAt)}${by}.`];
  if (bill.reason !== null) standing.push(`The reason given: ${bill.reason}.`);
  return { standing, next: nothing('Nothing more happens. A corrected bill is a new bill.') };
}

function deadLetterFirst(view: ExplainedBill): Next {
  const { notBefore } = view.bill;
  const at = notBefore !== null && notBefore > view.now ? notBefore : view.now;
  return {
    step: 'DEAD_LETTER',
    by: 'relay',
    at,
    text: `${when(at, view)} the relay publishes its dead letter. Then: ${afterFailure(view).text}`,
  };
}

function afterFailure(view: ExplainedBill): Next {
  const { bill, billId, maxCycles } = view;
  const { retransmitAt, cycle, reason } = bill;
  if (retransmitAt !== null && cycle < maxCycles) {
    return {
      step: 'NEXT_CYCLE',
      by: 'sweeper',
      at: retransmitAt,
      text:
        `${when(retransmitAt, view)} cycle ${cycle + 1} of ${maxCycles} begins with the ${wayOf(firstChannel(view.ladder))}; ` +
        `\`billcast retry --bill ${billId}\` starts it now.`,
    };
  }
  return {
    step: 'RETRY',
    by: 'person',
    at: null,
    text:
      `Nothing more happens automatically. A person should ${remedyOf(reason)}; then \`billcast ` +
      `retry --bill ${billId}\` starts the next cycle.`,
  };
}
