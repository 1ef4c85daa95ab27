import type { Channel } from '../channels.ts';
import type { WantedTopic } from '../kafka/ensureTopics.ts';
import type { Config } from './loadConfig.ts';

const largestRecordBytes = 2 * 1024 * 1024;
const keptForever = '-1';

/**
 * The topics that billcast makes where they are missing. Dead letters take what the sources take, headers
 * included, and are kept until somebody removes them.
 */
export function ownTopics({ kafka: { topics, partitions } }: Config): WantedTopic[] {
  return [
    { name: topics.email, partitions },
    { name: topics.sms, partitions },
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

/** The topic of each channel's events. */
export function channelTopics({ kafka: { topics } }: Config): Readonly<Record<Channel, string>> {
  return {
    EMAIL: topics.email,
    SMS: topics.sms,
  };
}
