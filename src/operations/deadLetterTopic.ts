import type { TopicFacts } from '../kafka/topicFacts.ts';

/** The largest record batches that the dead letter topic and the other topics take, in bytes. */
export interface LetterRoom {
  readonly letterBytes: number;
  readonly sourceBytes: number;
}

/**
 * Pure: checks the dead letter topic, for a start and for `doctor`.
 * @returns undefined if it takes everything that the other topics take
 */
export function findShortLetterRoom(
  deadLetter: string,
  facts: ReadonlyMap<string, Pick<TopicFacts, 'maxMessageBytes'>>,
): LetterRoom | undefined {
  const letterBytes = facts.get(deadLetter)?.maxMessageBytes ?? 0;
  const sourceBytes = Math.max(...[...facts.values()].map(({ maxMessageBytes }) => maxMessageBytes));
  return letterBytes < sourceBytes ? { letterBytes, sourceBytes } : undefined;
}

/** What happens if the room is short, and what to do. */
export const shortLetterRoomAdvice =
  'raise its max.message.bytes, or dead letters of large records are published without their bytes';
