import { ownTopics } from '../config/billTopics.ts';
import type { Config } from '../config/loadConfig.ts';
import { checkSchema } from '../db/schemaState.ts';
import { checkSource } from '../db/source/checkSource.ts';
import { isTransient } from '../db/statementFault.ts';
import { rememberTemplateVersions } from '../db/templateVersions.ts';
import { leaveDispatchers } from '../db/transitions/claimBatches.ts';
import { ensureTopics } from '../kafka/ensureTopics.ts';
import { explained } from '../kafka/kafkaClient.ts';
import { classifyKafkaError } from '../kafka/kafkaError.ts';
import { within } from '../lib/timeLimit.ts';
import { createOutage } from '../log/outage.ts';
import { stopProviders } from '../providers/registry.ts';
import { languageVersions, templateVersion } from '../render/template/templateVersion.ts';
import { checkDeadLetterTopic } from './checkDeadLetterTopic.ts';
import type { DispatcherParts } from './dispatcherParts.ts';
import { type AwaitedServer, waitForServer } from './waitForServer.ts';

/** Starts the parts in order. The consumer is the last: until it joins, nothing is claimed. */
export async function startParts(parts: DispatcherParts, config: Config, signal: AbortSignal): Promise<void> {
  const { connections, heartbeat, brakeExchange, relay, consumer, sweeper, countKeeper, log } = parts;
  const { kafka } = connections;
  const postgres: AwaitedServer = { outage: connections.outage, isPassing: isTransient };
  const brokers: AwaitedServer = {
    outage: createOutage(log, 'kafka', { onAway: parts.onWaiting }),
    isPassing: (error) => classifyKafkaError(error).retriable,
  };
  await waitForServer(() => checkSchema(connections.control), postgres, signal);
  await waitForServer(() => rememberTemplate(parts), postgres, signal);
  await waitForServer(() => parts.editionKeeper.start(), postgres, signal);
  await waitForServer(() => checkSource(connections.control, config.source), postgres, signal);
  const made = await waitForServer(
    () => ensureTopics({ kafka, topics: ownTopics(config), patienceMs: 0 }),
    brokers,
    signal,
  );
  if (made.names.length > 0) {
    log.info({ topics: made.names, replicas: made.replicas }, 'created the missing topics');
  }
  await checkDeadLetterTopic({ kafka, topics: config.kafka.topics, log });
  signal.throwIfAborted();
  await Promise.all([heartbeat.start(), brakeExchange.start()]);
  signal.throwIfAborted();
  parts.keyRotation?.start();
  relay.start();
  parts.outcomeWriter.start();
  parts.webhookSender.start();
  countKeeper.start();
  parts.noticeKeeper?.start();
  parts.receiptPoller?.start();
  parts.runKeeper.start();
  parts.manifestKeeper.start();
  await waitForServer(() => sweeper.start(), postgres, signal);
  await waitForServer(() => parts.suppressionReader.start(), postgres, signal);
  await waitForServer(() => explained(kafka, () => consumer.start()), brokers, signal);
}

/** Stores the template before the first bill is printed from it. */
async function rememberTemplate({ templates, connections, log }: DispatcherParts): Promise<void> {
  const { name } = templates;
  const versions = languageVersions(templates);
  await rememberTemplateVersions(
    connections.control,
    versions.map((version) => ({ ...version, name })),
  );
  const languages = versions.map(({ language }) => language);
  log.info({ template: name, version: templateVersion(templates), languages }, 'template in use');
}

/** What reads from Kafka stops first, what writes stops last. */
export async function stopParts(parts: DispatcherParts): Promise<void> {
  const { connections, consumer, relay, sweeper, pipeline, heartbeat, brakeExchange } = parts;
  parts.keyRotation?.stop();
  consumer.stopFetching();
  await Promise.all([parts.runKeeper.stop(), relay.stop(), sweeper.stop()]);
  await pipeline.stop();
  await consumer.stop();
  await Promise.all([
    heartbeat.stop(),
    brakeExchange.stop(),
    parts.countKeeper.stop(),
    parts.manifestKeeper.stop(),
    parts.suppressionReader.stop(),
    parts.noticeKeeper?.stop(),
    parts.receiptPoller?.stop(),
    parts.outcomeWriter.stop(),
    parts.webhookSender.stop(),
  ]);
  await leaveDispatchers(connections.control, connections.id);
  await Promise.all([
    parts.renderPool.stop(),
    stopProviders(parts.providers),
    parts.metrics.stop(),
    parts.tracer?.stop(),
  ]);
  await connections.closeDatabases();
  parts.throttledLog.flush();
  parts.log.info({ dispatcher: connections.name }, 'dispatcher stopped');
}

const abandonLimitMs = 3_000;

/**
 * Closes the parts after a start that failed or is no longer wanted: nothing is claimed yet, so no server is
 * waited for.
 */
export async function abandonParts(parts: DispatcherParts): Promise<void> {
  parts.keyRotation?.stop();
  const closed = Promise.allSettled([
    parts.heartbeat.stop(),
    parts.brakeExchange.stop(),
    parts.relay.stop(),
    parts.outcomeWriter.stop(),
    parts.webhookSender.stop(),
    parts.sweeper.stop(),
    parts.countKeeper.stop(),
    parts.runKeeper.stop(),
    parts.manifestKeeper.stop(),
    parts.suppressionReader.stop(),
    parts.noticeKeeper?.stop(),
    parts.receiptPoller?.stop(),
    parts.consumer.stop(),
    parts.connections.closeDatabases(),
    parts.renderPool.stop(),
    parts.metrics.stop(),
    parts.tracer?.stop(),
    stopProviders(parts.providers),
  ]);
  await within(abandonLimitMs, closed);
}
