import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import { buildFolder } from './atomicFolder.ts';
import { allNodePorts, type KafkaNode } from './kafkaNodes.ts';
import { kafkaProperties } from './kafkaProperties.ts';
import { run } from './runCommand.ts';

export interface StorageOptions {
  readonly nodes: readonly KafkaNode[];
  readonly jarsDir: string;
  readonly java: string;
  readonly onProgress: (line: string) => void;
}

/**
 * Formats each node's `log` that is not formatted yet, all with one cluster id. The caller holds the lock,
 * and each node has its ports.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function prepareStorage(options: StorageOptions): Promise<void> {
  const clusterId = (await readClusterId(options.nodes)) ?? randomBytes(16).toString('base64url');
  const formats = options.nodes.map((node) =>
    buildFolder(join(node.folder, 'log'), (draft) => format({ ...options, node, clusterId, draft })),
  );
  const outcomes = await Promise.allSettled(formats);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Writes the settings of one broker. */
export async function writeProperties(options: {
  node: KafkaNode;
  nodes: readonly KafkaNode[];
  file: string;
  logDir: string;
}): Promise<void> {
  const { node, nodes, file, logDir } = options;
  const voters = await allNodePorts(nodes);
  const own = voters.find(({ id }) => id === node.id);
  if (own === undefined) throw new TypeError(`node ${node.id} is not in its own cluster`);
  const { port, controllerPort } = own;
  await writeFile(file, kafkaProperties({ nodeId: node.id, logDir, port, controllerPort, voters }));
}

/** The cluster id in the storage; undefined if no node is formatted. */
export async function readClusterId(nodes: readonly KafkaNode[]): Promise<string | undefined> {
  for (const { folder } of nodes) {
    const meta = await readFile(join(folder, 'log', 'meta.properties'), 'utf8').catch(() => '');
    const id = /^cluster\.id=(.+)$/m.exec(meta)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}

async function format({
  node,
  nodes,
  jarsDir,
  java,
  onProgress,
  clusterId,
  draft,
}: StorageOptions & { node: KafkaNode; clusterId: string; draft: string }): Promise<void> {
  if (node.id === 1) onProgress('Formatting the storage of the embedded Kafka.');
  const properties = join(node.folder, 'format.properties');
  await writeProperties({ node, nodes, file: properties, logDir: draft });
  const tool = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, `--config=${properties}`];
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const outcome = await run(java, [...flags, '-cp', join(jarsDir, '*'), ...tool]);
  await rm(properties, { force: true });
  if (outcome.kind === 'done') return;
  throw new BillcastError('EMBEDDED_FAILED', `Kafka could not format ${draft}.`, { cause: outcome.cause });
}
