import { z } from 'zod';
import { type BillTopics, channelNames, perChannel, settingPerChannel } from '../channels.ts';
import type { WantedTopic } from '../kafka/ensureTopics.ts';
import type { Ladder } from '../ladder.ts';

/** The settings of the topics, as a part of the schema of all settings. */
export const topicShape = {
  ...settingPerChannel('TOPIC', (channel) => topic(`bill.${channel.toLowerCase()}`)),
  TOPIC_DLT: topic('bill.dlt'),
  TOPIC_RESULT: topic('bill.result'),
};

function topic(fallback: string) {
  return z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,249}$/, 'is not a Kafka topic name')
    .default(fallback);
}

type TopicSettings = z.infer<z.ZodObject<typeof topicShape>>;

export function billTopicsOf(env: TopicSettings): BillTopics {
  return { ...perChannel((channel) => env[`TOPIC_${channel}`]), deadLetter: env.TOPIC_DLT };
}

/** The rules between these settings that are broken, one sentence each. */
export function topicProblems(env: TopicSettings): string[] {
  const topics = [...Object.values(billTopicsOf(env)), env.TOPIC_RESULT];
  if (new Set(topics).size === topics.length) return [];
  const names = channelNames.map((channel) => `TOPIC_${channel}`).join(', ');
  return [`${names}, TOPIC_DLT and TOPIC_RESULT must be ${topics.length} different topics`];
}

const largestRecordBytes = 2 * 1024 * 1024;
const keptForever = '-1';

/**
 * The topics that billcast creates if they are missing. The dead letter topic takes records as large as the
 * others do, and keeps them until somebody deletes them.
 */
export function ownTopics({
  kafka: { topics, partitions },
  ladder,
}: {
  readonly kafka: { readonly topics: BillTopics; readonly partitions: number };
  readonly ladder: Pick<Ladder, 'order'>;
}): WantedTopic[] {
  return [
    ...ladder.order.map((channel) => ({ name: topics[channel], partitions })),
    {
      name: topics.deadLetter,
      partitions,
      configEntries: [
        { name: 'max.message.bytes', value: String(largestRecordBytes) },
        { name: 'retention.ms', value: keptForever },
      ],
    },
  ];
}
