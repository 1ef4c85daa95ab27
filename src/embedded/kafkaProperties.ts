export interface KafkaPlaces {
  readonly nodeId: number;
  /** The folder of the partitions. */
  readonly logDir: string;
  readonly port: number;
  readonly controllerPort: number;
  /** All nodes of the cluster, this one included. */
  readonly voters: readonly { id: number; controllerPort: number }[];
}

/**
 * The `server.properties` of a node that is broker and controller, reachable from this machine only. The
 * session is short because after a kill -9 the controller admits the broker only when its old session has
 * expired. Topics get Kafka's defaults (one replica), as on a cluster not set up for billcast. Kafka's
 * internal topics are on three brokers.
 */
export function kafkaProperties({ nodeId, logDir, port, controllerPort, voters }: KafkaPlaces): string {
  const replicas = String(Math.min(3, voters.length));
  const inSync = voters.length < 3 ? '1' : '2';
  return lines({
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': voters.map((one) => `${one.id}@127.0.0.1:${one.controllerPort}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logDir,
    'num.partitions': '8',
    'auto.create.topics.enable': 'false',
    'message.max.bytes': '2097152',
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '8',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': '0',
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '3000',
    'num.network.threads': '2',
    'num.io.threads': '4',
    ...(voters.length === 1 ? {} : ofCluster),
  });
}

/**
 * Brokers of a cluster share this machine's memory: by default the cleaner's buffer takes 128 MB of the heap.
 */
const ofCluster = { 'log.cleaner.dedupe.buffer.size': '16777216' };

/** Java's properties format takes a backslash as an escape. */
function lines(properties: Record<string, string>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');
}
