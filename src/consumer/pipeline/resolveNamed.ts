import { isolate } from '../../db/isolate.ts';
import { namedKeyOf, resolveKeys } from '../../db/source/resolveKeys.ts';
import { decodeKeys, type NamedByKey } from '../intake/decodeKeys.ts';
import type { ReceivedRecord } from '../intake/receivedRecord.ts';
import type { StageDeps } from './stage.ts';

interface Named {
  readonly record: ReceivedRecord;
  readonly keys: NamedByKey;
}

/**
 * Replaces the billing system's ids in events by our numbers. What cannot be resolved stays as it was:
 * EVENT_BAD_ID.
 */
export async function resolveNamed(
  { database, idKind, throttledLog }: Pick<StageDeps, 'database' | 'idKind' | 'throttledLog'>,
  records: readonly ReceivedRecord[],
): Promise<void> {
  if (idKind === 'bigint') return;
  const named = records.flatMap((record): Named[] => {
    if (record.event.kind === 'event' || record.event.reason !== 'EVENT_BAD_ID') return [];
    const keys = decodeKeys(record.bytes().value, idKind);
    return keys === undefined ? [] : [{ record, keys }];
  });
  for (let left = named; left.length > 0; ) left = await resolveOnce({ database, throttledLog }, left);
}

/** @returns those to ask again: another process was adding the same ids, or the server stopped us */
async function resolveOnce(
  { database, throttledLog }: Pick<StageDeps, 'database' | 'throttledLog'>,
  named: readonly Named[],
): Promise<Named[]> {
  const again: Named[] = [];
  const run = async (part: readonly Named[]) => ({
    part,
    numbers: await resolveKeys(
      database,
      part.map(({ keys }) => keys),
    ),
  });
  for await (const outcome of isolate(named, { run, throttledLog })) {
    if (outcome.kind === 'stuck') again.push(...outcome.items);
    if (outcome.kind !== 'done') continue;
    const { part, numbers } = outcome.result;
    for (const one of part) {
      const found = numbers.get(namedKeyOf(one.keys));
      if (found === undefined) again.push(one);
      else one.record.resolve({ kind: 'event', ...found });
    }
  }
  return again;
}
