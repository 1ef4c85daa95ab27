import type { Channel, FailureReason, PoisonReason, SendStatus } from '../bill.ts';
import type { Control, Thrown } from '../db/control.ts';
import type { BillFacts, BillHistory, JournalledAttempt, PoisonFacts } from '../db/history.ts';

/** What one bill's fate comes to, in sentences for the person who was asked about it. */
export interface Explanation {
  /** Where it stands, and why. */
  readonly standing: readonly string[];
  readonly next: Next;
  /** Oldest first. */
  readonly history: readonly HistoryLine[];
}

export interface HistoryLine {
  readonly at: Date;
  readonly text: string;
}

/** What happens next, who does it, and when; `at` is null where no time can be named. */
export interface Next {
  readonly step:
    | 'NOTHING'
    | 'LET_GO'
    | 'RESUME'
    | 'START_DISPATCHER'
    | 'WAIT'
    | 'PUBLISH'
    | 'CLAIM'
    | 'HAND_OFF'
    | 'ANSWER'
    | 'TAKE_BACK'
    | 'DOUBT'
    | 'LOOKUP'
    | 'DEAD_LETTER'
    | 'NEXT_CYCLE'
    | 'RETRY';
  readonly by: 'nobody' | 'person' | 'dispatcher' | 'provider' | 'relay' | 'sweeper';
  readonly at: Date | null;
  readonly text: string;
}

/** What the explanation depends on beside the bill. Durations in milliseconds. */
export interface Surroundings {
  readonly control: Control;
  readonly timeZone: string;
  readonly claimTtlMs: number;
  readonly batchMaxAgeMs: number;
  readonly orphanAfterMs: number;
  readonly maxCycles: number;
}

/** Explains a bill. Pure: the time is the database's, of when the facts were read. */
export const explain = (history: BillHistory, surroundings: Surroundings): Explanation => {
  const { bill } = history;
  const view: View = { ...surroundings, ...history, time: timeIn(surroundings.timeZone) };
  const stand = bill === null ? unknownBill(view) : explainState({ ...view, bill });
  return {
    standing: [...stand.standing, ...switchSentences(view)],
    next: afterStart(stand.next, view),
    history: historyLines(history, view),
  };
};

type View = BillHistory & Surroundings & { readonly time: (at: Date) => string };
type BillView = View & { readonly bill: BillFacts };
type Stand = Pick<Explanation, 'standing' | 'next'>;

const explainState = (view: BillView): Stand => {
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
};

const unknownBill = ({ billId, poison }: View): Stand => ({
  standing: [
    `billcast does not know bill ${billId}: it has no row in bill_notification.`,
    poison.length > 0
      ? 'Records came for it and were set aside, see the history.'
      : 'No record came for it either.',
  ],
  next: nothing('Check the number; if it is right, the billing batch has not handed this bill over.'),
});

const pending = (view: BillView): Stand => {
  const { bill, time, now } = view;
  if (bill.publishStatus === 'HELD')
    return { standing: ['It is held: nothing of it goes out until it is let go.'], next: letGo(bill) };
  const standing = [turnSentence(bill)];
  const waits = bill.notBefore !== null && bill.notBefore > now;
  if (waits && bill.notBefore) standing.push(`It waits until ${time(bill.notBefore)}.`);
  else standing.push(eventSentence(view));
  return { standing, next: stoppedNext(view) ?? (waits ? afterWaiting(view) : onItsWay(view)) };
};

const letGo = ({ month }: BillFacts): Next => ({
  step: 'LET_GO',
  by: 'person',
  at: null,
  text: `Somebody lets it go with \`billcast publish${month === null ? '' : ` --month ${month}`}\`; an event for it from elsewhere does so too.`,
});

/** Why it is pending on this channel and in this cycle. */
const turnSentence = ({ channel, cycle, attempts, reason }: BillFacts): string => {
  const way = wayOf(channel);
  if (channel === 'SMS' && reason === 'NO_CONTACT')
    return 'The member has no e-mail address, so it goes by SMS.';
  if (channel === 'SMS' && reason === 'EMAIL_REFUSED') return `It goes by SMS, because ${becauseOf(reason)}.`;
  if (cycle > 1 && channel === 'EMAIL' && attempts === 0)
    return `Cycle ${cycle} has begun with the e-mail; before that ${becauseOf(reason) ?? 'it had failed'}.`;
  if (reason !== null) return `It is to go by ${way}; the last time ${becauseOf(reason)}.`;
  return `It is to go by ${way}.`;
};

const eventSentence = ({ bill, time }: BillView): string => {
  if (bill.publishStatus === 'PENDING') return 'Its event is owed and not published yet.';
  return bill.publishedAt === null
    ? 'Its event counts as published.'
    : `Its event was published at ${time(bill.publishedAt)} and waits for a dispatcher.`;
};

/** A switch that keeps this bill from going out, the widest first. */
const stoppedNext = ({ bill, control }: BillView): Next | undefined => {
  const resume = (command: string, what: string): Next => ({
    step: 'RESUME',
    by: 'person',
    at: null,
    text: `${what}; \`billcast ${command}\` lets it go on.`,
  });
  if (control.pause) return resume('resume', 'It stays as it is while billcast is paused');
  if (control.sendingStopped[bill.channel])
    return resume(
      `resume --channel ${bill.channel}`,
      `It stays as it is until sending by ${wayOf(bill.channel)} works again`,
    );
  if (control.fallbackStopped && bill.channel === 'SMS')
    return resume('resume --fallback', 'It stays as it is while the SMS fallback is stopped');
  return undefined;
};

const afterWaiting = ({ bill, time, now }: BillView): Next => ({
  step: 'WAIT',
  by: 'relay',
  at: bill.notBefore,
  text: `${when(bill.notBefore ?? now, { time, now })} its event is published, and a dispatcher sends it by ${wayOf(bill.channel)}.`,
});

const onItsWay = ({ bill, orphanAfterMs, time, now }: BillView): Next => {
  const way = wayOf(bill.channel);
  if (bill.publishStatus === 'PENDING')
    return {
      step: 'PUBLISH',
      by: 'relay',
      at: now,
      text: `The relay publishes its event within a second, and a dispatcher sends it by ${way}.`,
    };
  const since = Math.max(bill.changedAt.getTime(), bill.publishedAt?.getTime() ?? 0);
  const orphanAt = new Date(since + orphanAfterMs);
  return {
    step: 'CLAIM',
    by: 'dispatcher',
    at: null,
    text:
      `A dispatcher claims it when its turn comes, and sends it by ${way}. If its event has got lost, ` +
      `it is published again: ${when(orphanAt, { time, now })} at the earliest, once all older events are consumed.`,
  };
};

const sending = (view: BillView): Stand => {
  const gone = goneAt(view);
  const standing = ['It is claimed and in preparation; nothing has left yet.', holderSentence(view)];
  if (gone === null)
    return {
      standing,
      next: {
        step: 'HAND_OFF',
        by: 'dispatcher',
        at: view.now,
        text: `Within moments it is handed to the provider by ${wayOf(view.bill.channel)}, or its row says why not.`,
      },
    };
  return {
    standing,
    next: {
      step: 'TAKE_BACK',
      by: 'sweeper',
      at: gone,
      text: `${when(gone, view)} the sweeper takes it back, and it is sent anew.`,
    },
  };
};

const sent = (view: BillView): Stand => {
  const { bill, time } = view;
  const gone = goneAt(view);
  const standing = [
    `It was handed to the provider by ${wayOf(bill.channel)}${bill.handedOffAt ? ` at ${time(bill.handedOffAt)}` : ''}, and the answer is not in yet.`,
    'Nobody sends it again before its outcome is known.',
    holderSentence(view),
  ];
  const answer = `accepted: DELIVERED; refused: ${bill.channel === 'EMAIL' ? 'it turns to SMS' : 'FAILED'}`;
  if (gone === null)
    return {
      standing,
      next: {
        step: 'ANSWER',
        by: 'provider',
        at: null,
        text: `The provider's answer decides (${answer}); without one it is in doubt, and the provider is asked.`,
      },
    };
  return {
    standing,
    next: {
      step: 'DOUBT',
      by: 'sweeper',
      at: gone,
      text: `${when(gone, view)} the sweeper puts it in doubt, and the provider is asked what became of it.`,
    },
  };
};

const inDoubt = (view: BillView): Stand => {
  const { bill, time, now } = view;
  const at = bill.notBefore !== null && bill.notBefore > now ? bill.notBefore : now;
  const because = becauseOf(bill.reason);
  return {
    standing: [
      `It was handed to the provider by ${wayOf(bill.channel)}${bill.handedOffAt ? ` at ${time(bill.handedOffAt)}` : ''}; ` +
        `whether it was accepted is unknown${bill.inDoubtAt ? ` since ${time(bill.inDoubtAt)}` : ''}` +
        `${because === undefined ? '' : `: ${because}`}.`,
      'It is not sent again meanwhile, so that the member does not get it twice.',
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
};

const delivered = ({ bill, journal, time }: BillView): Stand => {
  const accepted = journal.findLast(({ outcome, applied }) => outcome === 'ACCEPTED' && applied);
  const id = accepted?.providerId ? ` (its id for it: ${accepted.providerId})` : '';
  return {
    standing: [
      bill.claimed || accepted
        ? `The provider accepted it by ${wayOf(bill.channel)} at ${time(accepted?.finishedAt ?? bill.changedAt)}${id}.`
        : 'It was DELIVERED when it came: billcast did not send it.',
    ],
    next: nothing(
      'Nothing more happens. What becomes of it in the mailbox or on the phone, the provider knows.',
    ),
  };
};

const failed = (view: BillView): Stand => {
  const { bill, time } = view;
  const owed = bill.publishStatus !== 'PUBLISHED';
  return {
    standing: [
      `It failed in cycle ${bill.cycle}: ${becauseOf(bill.reason) ?? 'no reason is recorded'}.`,
      owed
        ? 'Its dead letter is owed and not published yet.'
        : `Its dead letter was published${bill.publishedAt ? ` at ${time(bill.publishedAt)}` : ''}.`,
    ],
    next: owed ? deadLetterFirst(view) : afterFailure(view),
  };
};

const deadLetterFirst = (view: BillView): Next => {
  const { notBefore } = view.bill;
  const at = notBefore !== null && notBefore > view.now ? notBefore : view.now;
  return {
    step: 'DEAD_LETTER',
    by: 'relay',
    at,
    text: `${when(at, view)} the relay publishes its dead letter. Then: ${afterFailure(view).text}`,
  };
};

const afterFailure = (view: BillView): Next => {
  const { bill, billId, maxCycles } = view;
  const { retransmitAt, cycle, reason } = bill;
  if (retransmitAt !== null && cycle < maxCycles)
    return {
      step: 'NEXT_CYCLE',
      by: 'sweeper',
      at: retransmitAt,
      text: `${when(retransmitAt, view)} cycle ${cycle + 1} of ${maxCycles} begins with the e-mail; \`billcast retry --bill ${billId}\` does not wait for it.`,
    };
  const mend = reason !== null && isFailureReason(reason) ? mendingOf(reason) : 'see why it failed';
  return {
    step: 'RETRY',
    by: 'person',
    at: null,
    text: `Nothing more happens by itself. A person: ${mend}, then \`billcast retry --bill ${billId}\` starts the next cycle.`,
  };
};

const cancelled = ({ bill, journal, time }: BillView): Stand => {
  const entry = journal.findLast(({ outcome, applied }) => outcome === 'CANCELLED' && applied);
  const by = entry === undefined ? '' : `, by ${entry.actor}`;
  const standing = [`It was cancelled at ${time(entry?.finishedAt ?? bill.changedAt)}${by}.`];
  if (bill.reason !== null) standing.push(`The reason given: ${bill.reason}.`);
  return { standing, next: nothing('Nothing more happens; a corrected bill is a bill of its own.') };
};

const nothing = (text: string): Next => ({ step: 'NOTHING', by: 'nobody', at: null, text });

/** When its holder counts as gone; null while it is alive. */
const goneAt = ({ bill, now, claimTtlMs, batchMaxAgeMs }: BillView): Date | null => {
  const { batch } = bill;
  if (batch === null) return new Date(bill.changedAt.getTime() + batchMaxAgeMs);
  const leakedAt = new Date(batch.claimedAt.getTime() + batchMaxAgeMs);
  if (batch.dispatcher === null || leakedAt <= now) return now;
  const silentAt = new Date(batch.dispatcher.heartbeatAt.getTime() + claimTtlMs);
  return silentAt <= now ? now : null;
};

const holderSentence = ({ bill: { batch }, time }: BillView): string => {
  if (batch === null) return 'No batch of a dispatcher knows of this claim.';
  const since = `since ${time(batch.claimedAt)}`;
  return batch.dispatcher === null
    ? `The dispatcher that holds it ${since} has gone.`
    : `Dispatcher ${batch.dispatcher.name} holds it ${since}; it was last heard of at ${time(batch.dispatcher.heartbeatAt)}.`;
};

/** Switches that are thrown are said whatever the bill's state: they explain what the whole cluster does. */
const switchSentences = ({ control, time }: View): string[] => {
  const said = (what: string, thrown: Thrown | null): string[] => {
    if (thrown === null) return [];
    const why = thrown.reason === null ? '' : `: ${thrown.reason}`;
    return [`${what} since ${time(thrown.since)}, by ${thrown.by}${why}.`];
  };
  return [
    ...said('billcast is paused', control.pause),
    ...said('The SMS fallback is stopped', control.fallbackStopped),
    ...said('Sending by e-mail is stopped', control.sendingStopped.EMAIL),
    ...said('Sending by SMS is stopped', control.sendingStopped.SMS),
  ];
};

/** Relay and sweeper run inside the dispatchers: without any, nothing happens by itself. */
const afterStart = (next: Next, { lastHeartbeatAt, now, claimTtlMs, time }: View): Next => {
  const byItself = next.by === 'relay' || next.by === 'dispatcher' || next.by === 'sweeper';
  if (!byItself || (lastHeartbeatAt && now.getTime() - lastHeartbeatAt.getTime() < claimTtlMs)) return next;
  const heard = lastHeartbeatAt === null ? '' : `, the last one was heard of at ${time(lastHeartbeatAt)}`;
  return {
    step: 'START_DISPATCHER',
    by: 'person',
    at: null,
    text: `No dispatcher runs${heard}: nothing happens until one is started. Then: ${next.text}`,
  };
};

const historyLines = ({ journal, poison }: BillHistory, view: View): HistoryLine[] =>
  [
    ...journal.map((entry) => ({ at: entry.finishedAt, text: attemptSentence(entry) })),
    ...poison.map((record) => ({ at: record.receivedAt, text: poisonSentence(record, view) })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());

const attemptSentence = (entry: JournalledAttempt): string => {
  const { cycle, channel, outcome, applied, reason, providerId, actor } = entry;
  const tookMs = entry.finishedAt.getTime() - entry.startedAt.getTime();
  const what = isOutcome(outcome) ? outcomeText(outcome) : outcome;
  const because = outcome === 'CANCELLED' ? (reason ?? undefined) : becauseOf(reason);
  const aside = [
    ...(providerId === null ? [] : [`id ${providerId}`]),
    ...(tookMs === 0 ? [] : [`${(tookMs / 1_000).toFixed(1)} s`]),
    `by ${actor}`,
    ...(applied ? [] : ['too late: it changed nothing']),
  ];
  return `cycle ${cycle}, ${wayOf(channel)}: ${what}${because === undefined ? '' : `: ${because}`} (${aside.join(', ')})`;
};

const outcomes = [
  ...(['ACCEPTED', 'REFUSED', 'NOT_SENT', 'UNKNOWN', 'NEVER', 'UNPREPARABLE'] as const),
  ...(['RETRIED', 'CANCELLED'] as const),
];
type Outcome = (typeof outcomes)[number];

const isOutcome = (text: string): text is Outcome => outcomes.some((outcome) => outcome === text);

const outcomeText = (outcome: Outcome): string => {
  switch (outcome) {
    case 'ACCEPTED':
      return 'accepted by the provider';
    case 'REFUSED':
      return 'refused by the provider for good';
    case 'NOT_SENT':
      return 'certainly not sent, to be tried again';
    case 'UNKNOWN':
      return 'handed off, outcome unknown';
    case 'NEVER':
      return 'the provider never saw it, to be sent again';
    case 'UNPREPARABLE':
      return 'could not be prepared';
    case 'RETRIED':
      return 'this cycle was started by a person, after a failure';
    case 'CANCELLED':
      return 'cancelled';
    default:
      return outcome satisfies never;
  }
};

const poisonSentence = (record: PoisonFacts, { time }: View): string => {
  const { topic, partition, offset, reason, publishedAt } = record;
  const letter =
    publishedAt === null
      ? 'its dead letter is owed'
      : `its dead letter was published at ${time(publishedAt)}`;
  return `a record for it on ${topic}, partition ${partition}, offset ${offset}, was set aside: ${poisonText(reason)} (${letter})`;
};

/** A reason as half a sentence, to stand behind "because" or a colon. */
const becauseOf = (reason: string | null): string | undefined => {
  if (reason === null) return undefined;
  if (isFailureReason(reason)) return failureText(reason);
  if (isPoisonReason(reason)) return poisonText(reason);
  return rareReasons.get(reason) ?? `the reason was ${reason}`;
};

const rareReasons: ReadonlyMap<string, string> = new Map([
  ['START_DEADLINE', 'its send had not begun in time, so it was not made'],
  ['SUSPENDED', 'the process stood still for too long'],
  ['LEDGER_UNWRITABLE', "the provider's ledger could not be written"],
  ['PROVIDER_FAULT', 'talking to the provider failed in an unforeseen way'],
  ['OWNER_GONE', 'the dispatcher that handed it off has gone without settling it'],
  ['LOOKUP', 'the provider said so when it was asked'],
  ['QUIET_HOURS', 'the member had quiet hours'],
]);

const failureReasonTable: Readonly<Record<FailureReason, true>> = {
  ...{ BILL_INCOMPLETE: true, CIPHER_FAILED: true, TEMPLATE_FAILED: true, NO_CONTACT: true },
  ...{ RENDER_CRASHED: true, EMAIL_REFUSED: true, SMS_REFUSED: true, ATTEMPTS_EXHAUSTED: true },
};

const isFailureReason = (text: string): text is FailureReason => Object.hasOwn(failureReasonTable, text);

/** Why bills fail, by their codes. */
export const failureReasons: readonly FailureReason[] =
  Object.keys(failureReasonTable).filter(isFailureReason);

const failureText = (reason: FailureReason): string => {
  switch (reason) {
    case 'BILL_INCOMPLETE':
      return "the bill's own data are incomplete or contradict each other";
    case 'CIPHER_FAILED':
      return 'a stored value could not be decrypted';
    case 'TEMPLATE_FAILED':
      return 'the template could not show this bill';
    case 'NO_CONTACT':
      return 'the member has no address to send it to';
    case 'RENDER_CRASHED':
      return 'preparing it broke down';
    case 'EMAIL_REFUSED':
      return 'the provider refused the e-mail for good';
    case 'SMS_REFUSED':
      return 'the provider refused the SMS for good';
    case 'ATTEMPTS_EXHAUSTED':
      return 'the provider took nothing for so long that the cycle was given up';
    default:
      return reason satisfies never;
  }
};

/** What a person does before a retry can help. */
const mendingOf = (reason: FailureReason): string => {
  switch (reason) {
    case 'BILL_INCOMPLETE':
      return 'have the billing batch complete the rows of this bill and its member';
    case 'CIPHER_FAILED':
      return 'have the key in CIPHER_KEYS or the stored value put right';
    case 'TEMPLATE_FAILED':
      return 'have the template put right';
    case 'NO_CONTACT':
      return 'have an e-mail address or a phone number of the member entered';
    case 'RENDER_CRASHED':
      return "have the dispatchers' log looked at for this bill";
    case 'EMAIL_REFUSED':
    case 'SMS_REFUSED':
      return "check the member's e-mail address and phone number";
    case 'ATTEMPTS_EXHAUSTED':
      return 'see that the provider takes messages again';
    default:
      return reason satisfies never;
  }
};

const poisonReasonTable: Readonly<Record<PoisonReason, true>> = {
  ...{ EVENT_NOT_JSON: true, EVENT_EMPTY: true, EVENT_BAD_ID: true, EVENT_TOO_LARGE: true },
  ...{ EVENT_MEMBER_MISMATCH: true, BILL_UNKNOWN: true },
};

const isPoisonReason = (text: string): text is PoisonReason => Object.hasOwn(poisonReasonTable, text);

const poisonText = (reason: PoisonReason): string => {
  switch (reason) {
    case 'EVENT_NOT_JSON':
      return 'its value is not JSON';
    case 'EVENT_EMPTY':
      return 'it has no value';
    case 'EVENT_BAD_ID':
      return 'its memberId or billId is missing or no id';
    case 'EVENT_TOO_LARGE':
      return 'it is larger than any event is';
    case 'EVENT_MEMBER_MISMATCH':
      return "it names another member than the bill's, and nobody gets another's bill";
    case 'BILL_UNKNOWN':
      return 'no row of this bill was there when it came';
    default:
      return reason satisfies never;
  }
};

const wayOf = (channel: Channel): string => (channel === 'EMAIL' ? 'e-mail' : 'SMS');

/** `Now`, or `At 2026-11-25 09:00:05 (in 4 min)`. */
const when = (at: Date, { time, now }: Pick<View, 'time' | 'now'>): string => {
  const ms = at.getTime() - now.getTime();
  return ms <= 0 ? 'Now' : `At ${time(at)} (in ${spanText(ms)})`;
};

const spanText = (ms: number): string => {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};

/** Writes times as `2026-11-25 09:00:05` where the bills' dates are told. */
export const timeIn = (timeZone: string): ((at: Date) => string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (at) => format.format(at);
};

/** `FAILED` as the table says it, with what stands beside it. */
export const headlineOf = ({ billId, bill }: BillHistory): string => {
  if (bill === null) return `bill ${billId}: unknown`;
  const month = bill.month === null ? '' : ` of ${bill.month}`;
  const status: SendStatus | 'HELD' =
    bill.publishStatus === 'HELD' && bill.sendStatus === 'PENDING' ? 'HELD' : bill.sendStatus;
  return `bill ${billId}${month}: ${status}, ${wayOf(bill.channel)}, cycle ${bill.cycle}`;
};
