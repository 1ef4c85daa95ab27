import type { LeasedLoop } from '../db/leasedLoop.ts';
import { ensureTopics } from '../kafka/ensureTopics.ts';
import { createPublisher } from '../kafka/publisher.ts';
import { createOutcomeWriter } from '../relay/outcomes/outcomeWriter.ts';
import { createWebhookPoster } from '../webhooks/postWebhook.ts';
import { createWebhookSender } from '../webhooks/webhookSender.ts';
import type { Connections } from './connections.ts';
import type { DispatcherOptions } from './dispatcherParts.ts';

/** The loops that number, publish and deliver outcomes. They do nothing while there are none. */
export function createOutcomeParts(
  { config, log }: DispatcherOptions,
  { control: database, kafka, relayKafka, id: owner }: Connections,
): { readonly outcomeWriter: LeasedLoop; readonly webhookSender: LeasedLoop } {
  const {
    kafka: { resultTopic: topic, partitions },
    claimTtlMs: leaseMs,
    webhooks,
  } = config;
  return {
    outcomeWriter: createOutcomeWriter({
      database,
      publisher: createPublisher(relayKafka),
      topic,
      ensureTopic: async () => {
        const made = await ensureTopics({ kafka, topics: [{ name: topic, partitions }], patienceMs: 0 });
        if (made.names.length > 0) {
          log.info({ topics: made.names, replicas: made.replicas }, 'created the missing topics');
        }
      },
      owner,
      leaseMs,
      log,
    }),
    webhookSender: createWebhookSender({
      database,
      poster: createWebhookPoster(webhooks),
      key: webhooks.key,
      owner,
      leaseMs,
      log,
    }),
  };
}
