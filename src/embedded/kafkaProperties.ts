export interface KafkaPlaces {
  nodeId: number;
  /** The folder of the partitions. */
  logDir: string;
  port: number;
  controllerPort: number;
  /** Every node of the cluster, this one too. */
  voters: readonly { id: number; controllerPort: number }[];
}

/**
 * The `server.properties` of a node that is broker and controller, for this machine alone. After a kill -9 the
 * controller lets the broker in again only when its old session is over: hence the short one. Topics get Kafka's own
 * defaults (one replica), as on a cluster that nobody has set up for billcast; Kafka's inner topics are on three brokers.
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

/** Several share this machine's memory: the cleaner's buffer is 128 MB of the heap otherwise. */
const ofCluster = { 'log.cleaner.dedupe.buffer.size': '16777216' };

/** Java's properties format takes a backslash as an escape. */
function lines(properties: Record<string, string>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');
}
