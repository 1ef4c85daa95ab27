import type { Channel } from './bill.ts';
import type { Config } from './config.ts';
import type { WantedTopic } from './consumer/ensureTopics.ts';

const largestRecordBytes = 2 * 1024 * 1024;
const keptForever = '-1';

/**
 * The topics that billcast makes where they are missing. Dead letters take what the sources take, headers
 * included, and are kept until somebody removes them.
 */
export const ownTopics = ({ kafka: { topics, partitions } }: Config): WantedTopic[] => [
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

/** The topic of each channel's events. */
export const channelTopics = ({ kafka: { topics } }: Config): Readonly<Record<Channel, string>> => ({
  EMAIL: topics.email,
  SMS: topics.sms,
});
