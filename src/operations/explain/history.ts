import { journalOutcomes } from '../../db/outcomes/outcomeKinds.ts';
import type {
  BillHistory,
  EarlyEventFacts,
  JournalledAttempt,
  PoisonFacts,
} from '../../db/reads/billHistory.ts';
import type { HistoryLine, View } from './explanation.ts';
import { becauseOf, poisonText } from './reasons.ts';
import { receiptSentence } from './receiptSentence.ts';
import { wayOf } from './wording.ts';

/** What happened to the bill, oldest first. */
export function historyLines({ journal, poison, early, receipts }: BillHistory, view: View): HistoryLine[] {
  return [
    ...journal.map((entry) => ({ at: entry.finishedAt, text: attemptSentence(entry) })),
    ...early.map((event) => ({ at: event.receivedAt, text: earlySentence(event) })),
    ...receipts.map((receipt) => ({ at: receipt.receivedAt, text: receiptSentence(receipt, view) })),
    ...poison.map((record) => ({ at: record.receivedAt, text: poisonSentence(record, view) })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function attemptSentence(entry: JournalledAttempt): string {
  const { cycle, channel, outcome, applied, reason, provider, providerId, actor } = entry;
  const tookMs = entry.finishedAt.getTime() - entry.startedAt.getTime();
  const what = isOutcome(outcome) ? outcomeText(outcome, actor) : outcome;
  const because = personsOutcomes.has(outcome) ? (reason ?? undefined) : becauseOf(reason);
  const aside = [
    ...(provider === null ? [] : [`provider ${provider}`]),
    ...(providerId === null ? [] : [`id ${providerId}`]),
    ...(tookMs === 0 ? [] : [`${(tookMs / 1_000).toFixed(1)} s`]),
    `by ${actor}`,
    ...(applied ? [] : ['too late: it changed nothing']),
  ];
  return (
    `cycle ${cycle}, ${wayOf(channel)}: ` +
    `${what}${because === undefined ? '' : `: ${because}`} (${aside.join(', ')})`
  );
}

type Outcome = (typeof journalOutcomes)[number];

/** With these outcomes the reason is a person's text, not a code. */
const personsOutcomes: ReadonlySet<string> = new Set<Outcome>([
  ...([
    'CANCELLED',
    'RESENT',
    'BOUNCED',
    'RESOLVED_DELIVERED',
    'RESOLVED_RESEND',
    'RESOLVED_FAILED',
  ] as const),
]);

function isOutcome(text: string): text is Outcome {
  return journalOutcomes.some((outcome) => outcome === text);
}

function outcomeText(outcome: Outcome, actor: string): string {
  switch (outcome) {
    case 'ACCEPTED':
      return 'accepted by the provider';
    case 'REFUSED':
      return 'refused by the provider for good';
    case 'NOT_SENT':
      return 'certainly not sent, to be retried';
    case 'UNKNOWN':
      return 'handed off, outcome unknown';
    case 'NEVER':
      return 'the provider never got it, to be sent again';
    case 'UNPREPARABLE':
      return 'could not be rendered';
    case 'NOT_ASKED':
      return 'not sent, because this address was refused or came back before';
    case 'QUIET':
      return 'deferred';
    case 'ASKED_AGAIN':
      return 'a person started this cycle after a failure, also for refused addresses';
    case 'RESENT':
      return 'a person started this cycle, although the one before was delivered';
    case 'BOUNCED':
      return actor.startsWith('person ')
        ? 'a person recorded that the accepted message came back'
        : 'a receipt says that the message came back';
    case 'TURNED_BACK':
      return 'a person started this cycle and turned the bill back to the first channel';
    case 'RETRANSMITTED':
      return 'this cycle started automatically after a failure';
    case 'RETRIED':
      return 'a person started this cycle after a failure';
    case 'CANCELLED':
      return 'cancelled';
    case 'RESOLVED_DELIVERED':
      return 'was in doubt, and a person settled that it was delivered';
    case 'RESOLVED_RESEND':
      return 'a person started this cycle, because the one before stayed in doubt';
    case 'RESOLVED_FAILED':
      return 'was in doubt, and a person gave it up';
    default:
      return outcome satisfies never;
  }
}

function earlySentence({ topic, partition, offset }: EarlyEventFacts): string {
  return (
    `an event for it on ${topic}, partition ${partition}, offset ${offset}, came before its row and ` +
    'is kept'
  );
}

function poisonSentence(record: PoisonFacts, { time }: View): string {
  const { topic, partition, offset, reason, publishedAt } = record;
  const letter =
    publishedAt === null
      ? 'its dead letter is not published yet'
      : `its dead letter was published at ${time(publishedAt)}`;
  return (
    `a record for it on ${topic}, partition ${partition}, offset ${offset}, was quarantined: ` +
    `${poisonText(reason)} (${letter})`
  );
}
