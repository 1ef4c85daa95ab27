import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import { keepPort, readPort } from './ports.ts';

/** One broker of the embedded Kafka, which is also a controller. */
export interface KafkaNode {
  /** Kafka's `node.id`, from 1. */
  readonly id: number;
  /** Holds the node's storage, settings, ports and logs. */
  readonly folder: string;
}

/** The most brokers on one machine. */
export const mostBrokers = 9;

/**
 * A single broker uses `folder`; in a cluster of n each uses `<folder>-<n>/<id>`, so that data never mixes.
 */
export function kafkaNodes(folder: string, brokers: number): readonly KafkaNode[] {
  if (brokers === 1) return [{ id: 1, folder }];
  return Array.from({ length: brokers }, (_, at) => ({
    id: at + 1,
    folder: join(`${folder}-${brokers}`, String(at + 1)),
  }));
}

export interface NodePorts {
  readonly port: number;
  readonly controllerPort: number;
}

/** The ports in the node's files; undefined if one is missing. */
export async function readNodePorts({ folder }: KafkaNode): Promise<NodePorts | undefined> {
  const [port, controllerPort] = await Promise.all([
    readPort(join(folder, 'port')),
    readPort(join(folder, 'controller.port')),
  ]);
  return port === undefined || controllerPort === undefined ? undefined : { port, controllerPort };
}

/**
 * Chooses free ports for all nodes, none of which is running: those of the last start if they are still free.
 */
export async function chooseNodePorts(nodes: readonly KafkaNode[]): Promise<void> {
  const taken: number[] = [];
  for (const { folder } of nodes) {
    for (const name of ['port', 'controller.port']) {
      taken.push(await keepPort(join(folder, name), ...taken));
    }
  }
}

/**
 * The ports of all nodes.
 * @throws BillcastError EMBEDDED_FAILED if a node has none
 */
export async function allNodePorts(nodes: readonly KafkaNode[]): Promise<(KafkaNode & NodePorts)[]> {
  return Promise.all(
    nodes.map(async (node) => {
      const ports = await readNodePorts(node);
      if (ports !== undefined) return { ...node, ...ports };
      const message =
        `Broker ${node.id} has no ports in ${node.folder}: stop the others ("billcast ` +
        'embedded stop") and start all of them again.';
      throw new BillcastError('EMBEDDED_FAILED', message);
    }),
  );
}
