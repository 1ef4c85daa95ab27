import { join } from 'node:path';

/** One broker of the embedded Kafka, which is a controller too. */
export interface KafkaNode {
  /** Kafka's `node.id`, from 1. */
  readonly id: number;
  /** What is its own: its storage, its settings, its ports, its logs. */
  readonly folder: string;
}

/** The most brokers that one machine is asked to run. */
export const mostBrokers = 9;

/** A single broker has `folder` itself; those of a cluster of n have `<folder>-<n>/<id>`, so that none takes another's data. */
export function kafkaNodes(folder: string, brokers: number): readonly KafkaNode[] {
  if (brokers === 1) return [{ id: 1, folder }];
  return Array.from({ length: brokers }, (_, at) => ({
    id: at + 1,
    folder: join(`${folder}-${brokers}`, String(at + 1)),
  }));
}
