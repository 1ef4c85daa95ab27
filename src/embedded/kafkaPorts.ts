import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import type { KafkaNode } from './kafkaNodes.ts';
import { keepPort, readPort } from './ports.ts';

export interface NodePorts {
  readonly port: number;
  readonly controllerPort: number;
}

/** The ports that the node's files name; undefined if one is missing. */
export async function readNodePorts({ folder }: KafkaNode): Promise<NodePorts | undefined> {
  const [port, controllerPort] = await Promise.all([
    readPort(join(folder, 'port')),
    readPort(join(folder, 'controller.port')),
  ]);
  return port === undefined || controllerPort === undefined ? undefined : { port, controllerPort };
}

/** Ports that are free for all nodes, none of which runs: those of the last start where they still are. */
export async function chooseNodePorts(nodes: readonly KafkaNode[]): Promise<void> {
  const taken: number[] = [];
  for (const { folder } of nodes) {
    for (const name of ['port', 'controller.port']) {
      taken.push(await keepPort(join(folder, name), ...taken));
    }
  }
}

/**
 * The ports of every node of a cluster.
 * @throws BillcastError EMBEDDED_FAILED if a node has none
 */
export async function allNodePorts(nodes: readonly KafkaNode[]): Promise<(KafkaNode & NodePorts)[]> {
  return Promise.all(
    nodes.map(async (node) => {
      const ports = await readNodePorts(node);
      if (ports !== undefined) return { ...node, ...ports };
      const message = `Broker ${node.id} has no ports in ${node.folder}: stop the others ("billcast embedded stop") and start all of them again.`;
      throw new BillcastError('EMBEDDED_FAILED', message);
    }),
  );
}
