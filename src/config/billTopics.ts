import { channelNames } from '../channels.ts';
import type { WantedTopic } from '../kafka/ensureTopics.ts';
import type { Config } from './loadConfig.ts';

const largestRecordBytes = 2 * 1024 * 1024;
const keptForever = '-1';

/**
 * The topics that billcast creates if they are missing. The one of the dead letters takes records as large as the
 * others do, and keeps them until somebody deletes them.
 */
export function ownTopics({ kafka: { topics, partitions } }: Config): WantedTopic[] {
  return [
    ...channelNames.map((channel) => ({ name: topics[channel], partitions })),
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
