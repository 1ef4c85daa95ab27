import type { BillTopics } from '../channels.ts';
import type { OwedEvent } from '../db/transitions/outbox.ts';
import type { OwedPoison } from '../db/transitions/poisonRecords.ts';
import type { Outgoing } from '../kafka/outgoing.ts';

/**
 * What a row owes: if PENDING the event of its channel, if FAILED its dead letter. In any other state the
 * bill was claimed by an event from elsewhere meanwhile, and owes nothing.
 */
export function toOutgoing(event: OwedEvent, topics: BillTopics, now = new Date()): Outgoing[] {
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
}

/** Whether an event can name the bill: `decodeEvent` accepts only ids from 1 on. */
export function isSendable({ billId, memberId, sendStatus }: OwedEvent): boolean {
  return sendStatus !== 'PENDING' || (isPositive(billId) && isPositive(memberId));
}

function isPositive(id: string): boolean {
  return id !== '0' && !id.startsWith('-');
}

function billEvent({ billId, memberId, channel }: OwedEvent, topics: BillTopics): Outgoing {
  return {
    topic: topics[channel],
    key: billId,
    value: `{"memberId":${idText(memberId)},"billId":${idText(billId)}}`,
  };
}

/** Ids above 2^53 - 1 are written as strings, for readers that would round such numbers. */
function idText(id: string): string {
  return Number.isSafeInteger(Number(id)) ? id : `"${id}"`;
}

function billLetter(event: OwedEvent, topics: BillTopics, now: Date): Outgoing {
  const { billId, memberId, cycle, channel, reason, attempts } = event;
  return {
    topic: topics.deadLetter,
    key: billId,
    value:
      '' +
      `{"memberId":${idText(memberId)},"billId":${idText(billId)},"cycle":${cycle},"channel":"${channel}"}`,
    headers: {
      'billcast-reason': reason ?? 'UNKNOWN',
      'billcast-at': now.toISOString(),
      'billcast-attempts': String(attempts),
    },
  };
}

/**
 * The dead letter of a poison record: its own bytes, and where it came from. If it stands for a whole record
 * batch, a header describes the batch.
 */
export function poisonLetter(
  record: Omit<OwedPoison, 'receivedAt' | 'recordedAt'>,
  topics: BillTopics,
  now = new Date(),
): Outgoing {
  return {
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
  };
}

/**
 * Shorter forms of a dead letter that the topic refuses: without its value, and without key and value. The
 * header says how many bytes are missing.
 */
export function shorterLetters(letter: Outgoing): Outgoing[] {
  const withoutBytes = (key: Outgoing['key'], missingBytes: number): Outgoing => ({
    topic: letter.topic,
    key,
    value: null,
    headers: { ...letter.headers, 'billcast-truncated': String(missingBytes) },
  });
  const valueBytes = sizeOf(letter.value);
  return [withoutBytes(letter.key, valueBytes), withoutBytes(null, valueBytes + sizeOf(letter.key))];
}

function sizeOf(bytes: Buffer | string | null): number {
  return bytes === null ? 0 : Buffer.byteLength(bytes);
}
