import type { OwedEvent } from '../db/outbox.ts';
import type { OwedPoison } from '../db/poison.ts';

export interface RelayTopics {
  readonly email: string;
  readonly sms: string;
  readonly deadLetter: string;
}

/** A record to be published. */
export interface Outgoing {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What a row owes: PENDING the event of its channel, FAILED its dead letter. In any other state the bill was
 * claimed by an event from elsewhere meanwhile and owes nothing more.
 */
export const toOutgoing = (event: OwedEvent, topics: RelayTopics, now = new Date()): Outgoing[] => {
  switch (event.sendStatus) {
    case 'PENDING':
      return [billEvent(event, topics)];
    case 'FAILED':
      return [billLetter(event, topics, now)];
    case 'SENDING':
    case 'SENT':
    case 'IN_DOUBT':
    case 'DELIVERED':
    case 'CANCELLED':
      return [];
    default:
      return event.sendStatus satisfies never;
  }
};

/** Whether an event can name the bill: decodeEvent takes ids from 1 on only, and would refuse any other each time. */
export const isSendable = ({ billId, memberId, sendStatus }: OwedEvent): boolean =>
  sendStatus !== 'PENDING' || (isPositive(billId) && isPositive(memberId));

const isPositive = (id: string): boolean => id !== '0' && !id.startsWith('-');

const billEvent = ({ billId, memberId, channel }: OwedEvent, topics: RelayTopics): Outgoing => ({
  topic: channel === 'EMAIL' ? topics.email : topics.sms,
  key: billId,
  value: `{"memberId":${idText(memberId)},"billId":${idText(billId)}}`,
});

/** Ids beyond 2^53 - 1 travel as strings, for readers whose numbers are doubles. */
const idText = (id: string): string => (Number.isSafeInteger(Number(id)) ? id : `"${id}"`);

const billLetter = (event: OwedEvent, topics: RelayTopics, now: Date): Outgoing => {
  const { billId, memberId, cycle, channel, reason, attempts } = event;
  return {
    topic: topics.deadLetter,
    key: billId,
    value: `{"memberId":${idText(memberId)},"billId":${idText(billId)},"cycle":${cycle},"channel":"${channel}"}`,
    headers: {
      'billcast-reason': reason ?? 'UNKNOWN',
      'billcast-at': now.toISOString(),
      'billcast-attempts': String(attempts),
    },
  };
};

/**
 * The dead letter of a record that could not be used: its own bytes, and where it came from. One that stands for a whole
 * record batch says for which one.
 */
export const poisonLetter = (
  record: Omit<OwedPoison, 'receivedAt' | 'recordedAt'>,
  topics: RelayTopics,
  now = new Date(),
): Outgoing => ({
  topic: topics.deadLetter,
  key: record.key,
  value: record.value,
  headers: {
    'billcast-reason': record.reason,
    'billcast-topic': record.topic,
    'billcast-partition': String(record.partition),
    'billcast-offset': record.offset,
    'billcast-at': now.toISOString(),
    ...(record.batch ? { 'billcast-batch': record.batch } : undefined),
    ...(record.missingBytes ? { 'billcast-truncated': String(record.missingBytes) } : undefined),
  },
});

/**
 * What stands for the dead letter of a record that the topic does not take: the letter without its value, and
 * where the key is too large as well, without both. The header says how many bytes are missing.
 */
export const shorterLetters = (letter: Outgoing): Outgoing[] => {
  const withoutBytes = (key: Outgoing['key'], missingBytes: number): Outgoing => ({
    ...{ topic: letter.topic, key, value: null },
    headers: { ...letter.headers, 'billcast-truncated': String(missingBytes) },
  });
  const valueBytes = sizeOf(letter.value);
  return [withoutBytes(letter.key, valueBytes), withoutBytes(null, valueBytes + sizeOf(letter.key))];
};

const sizeOf = (bytes: Buffer | string | null): number => (bytes === null ? 0 : Buffer.byteLength(bytes));
