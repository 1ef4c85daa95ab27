import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  embeddedStatus,
  type OpenServers,
  openEmbedded,
  startEmbeddedBroker,
  stopEmbeddedBroker,
} from '../../src/embedded/openEmbedded.ts';
import { withAdmin } from '../../src/kafka/kafkaAdmin.ts';
import { createKafka, type Kafka } from '../../src/kafka/kafkaClient.ts';
import { silentLog } from './capturedLog.ts';
import { eventually } from './eventually.ts';
import { jarsDir } from './jarsDir.ts';

/** A partition as the controller sees it; `leader` is undefined if it has none. */
export interface PartitionPlace {
  readonly partition: number;
  readonly leader: number | undefined;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

/**
 * A Kafka cluster of this test's own, whose brokers (1, 2, 3) may be killed and stopped; it is up in about
 * ten seconds.
 */
export class OwnCluster {
  readonly #dataDir: string;
  readonly #servers: OpenServers;

  static async start(brokers = 3): Promise<OwnCluster> {
    const dataDir = await mkdtemp(join(tmpdir(), 'billcast-cluster-'));
    return new OwnCluster(dataDir, await openEmbedded({ ...options(dataDir), brokers }));
  }

  private constructor(dataDir: string, servers: OpenServers) {
    this.#dataDir = dataDir;
    this.#servers = servers;
  }

  /** For KAFKA_BROKERS: host:port with commas between. */
  get addresses(): string {
    assert.ok(this.#servers.kafkaBrokers !== undefined);
    return this.#servers.kafkaBrokers;
  }

  /** A client of all brokers. */
  client(): Kafka {
    return createKafka({ brokers: this.addresses.split(','), clientId: 'billcast-test', log: silentLog });
  }

  /** `kill -9`; complete when the process is gone. */
  async kill(broker: number): Promise<void> {
    const pid = await this.#pidOf(broker);
    assert.ok(pid !== undefined, `broker ${broker} does not run`);
    process.kill(pid, 'SIGKILL');
    await eventually(async () => (await this.#pidOf(broker)) === undefined);
  }

  /** A clean stop: its partitions get other leaders first. */
  async stop(broker: number): Promise<void> {
    await stopEmbeddedBroker(options(this.#dataDir), broker);
  }

  /** Starts it again at its address; complete when it answers. */
  async start(broker: number): Promise<void> {
    await startEmbeddedBroker(options(this.#dataDir), broker);
  }

  async places(topic: string): Promise<readonly PartitionPlace[]> {
    return withAdmin({ kafka: this.client() }, 'The test cluster does not answer.', async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return (topics[0]?.partitions ?? [])
        .map(({ partitionId, leader, replicas, isr }) => ({
          partition: partitionId,
          leader: leader < 0 ? undefined : leader,
          replicas,
          inSync: isr,
        }))
        .sort((a, b) => a.partition - b.partition);
    });
  }

  /** The broker that leads the partition. */
  async leader(topic: string, partition: number): Promise<number> {
    const place = (await this.places(topic)).find((one) => one.partition === partition);
    assert.ok(place?.leader !== undefined, `${topic}/${partition} has no leader`);
    return place.leader;
  }

  /** Waits until every partition of the topic has all its replicas in sync. */
  async whole(topic: string, limitMs = 60_000): Promise<void> {
    const isWhole = ({ leader, replicas, inSync }: PartitionPlace) =>
      leader !== undefined && inSync.length === replicas.length;
    await eventually(async () => {
      const places = await this.places(topic);
      return places.length > 0 && places.every(isWhole);
    }, limitMs);
  }

  /** Ends all brokers at once, for their data are of no use any more. */
  async remove(): Promise<void> {
    for (const pid of await this.#pids()) process.kill(pid, 'SIGKILL');
    await this.#servers.close();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async #pidOf(broker: number): Promise<number | undefined> {
    const { kafka } = await embeddedStatus({ dataDir: this.#dataDir });
    return kafka.brokers?.find((one) => one.broker === broker)?.pid;
  }

  async #pids(): Promise<number[]> {
    const { kafka } = await embeddedStatus({ dataDir: this.#dataDir });
    return (kafka.brokers ?? [kafka]).flatMap(({ pid }) => pid ?? []);
  }
}

function options(dataDir: string) {
  return {
    dataDir,
    jarsDir,
    needs: { kafka: true, postgres: false },
    onProgress: () => undefined,
  };
}
