import { backoffMs } from '../lib/backoff.ts';
import { sleep } from '../lib/sleep.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import { codeOf, faultKindOf, faultWords } from './statementFault.ts';

/** The outcome of a part of a batch. */
export type PartOutcome<Item, Result> =
  | { readonly kind: 'done'; readonly result: Result }
  /** The server refuses this item, and would do so again. */
  | { readonly kind: 'refused'; readonly item: Item; readonly code: string }
  /** The server stopped these each time (cancelled, a lock not granted): try them again later. */
  | { readonly kind: 'stuck'; readonly items: readonly Item[]; readonly code: string };

export interface IsolateOptions<Item, Result> {
  /** The statement. It must be safe to repeat it for any part of the batch. */
  readonly run: (part: readonly Item[]) => Promise<Result>;
  readonly throttledLog: ThrottledLog;
}

/** With this many parts, a batch of 500 is down to single bills in three steps. */
const partsAtOnce = 8;
/** If so many parts are stopped, the cause is not single bills. */
const mostStops = 16;
const beforeSecondTryMs = 100;
const backoff = { firstMs: 1_000, longestMs: 10_000 };

/**
 * Runs a batch so that a fault affects only the items that cause it: if the statement fails because of its
 * data, or the server stops it, it is repeated in smaller parts, down to single items. Parts are yielded as
 * they are done. If a person has to fix something (a right, a table), it is repeated until that is done.
 * @throws errors that are no fault of a statement
 */
export async function* isolate<Item, Result>(
  items: readonly Item[],
  { run, throttledLog }: IsolateOptions<Item, Result>,
): AsyncGenerator<PartOutcome<Item, Result>> {
  let stops = 0;
  const open: (readonly Item[])[] = items.length === 0 ? [] : [items];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const asked = await ask(run, part, throttledLog);
    if (asked.kind === 'done') {
      yield asked;
      continue;
    }
    if (asked.kind === 'stopped') stops++;
    const again = await partsToAsk(part, asked.kind, stops);
    if (again.length > 0) open.push(...again);
    else yield outcomeOf(isHopeless(asked.kind, stops) ? [part, ...open.splice(0)].flat() : part, asked);
  }
}

/**
 * After the first stop the whole part is repeated, since most stops happen once; then smaller parts, if
 * possible.
 */
async function partsToAsk<Item>(
  part: readonly Item[],
  kind: 'refused' | 'stopped',
  stops: number,
): Promise<(readonly Item[])[]> {
  if (kind === 'stopped' && stops === 1) {
    await sleep(beforeSecondTryMs);
    return [part];
  }
  return isHopeless(kind, stops) || part.length === 1 ? [] : smallerParts(part);
}

function isHopeless(kind: 'refused' | 'stopped', stops: number): boolean {
  return kind === 'stopped' && stops >= mostStops;
}

function outcomeOf<Item>(
  items: readonly Item[],
  { kind, code }: { readonly kind: 'refused' | 'stopped'; readonly code: string },
): PartOutcome<Item, never> {
  const [item] = items;
  return kind === 'refused' && item !== undefined ? { kind, item, code } : { kind: 'stuck', items, code };
}

type Asked<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'refused' | 'stopped'; readonly code: string };

async function ask<Item, Result>(
  run: (part: readonly Item[]) => Promise<Result>,
  part: readonly Item[],
  throttledLog: ThrottledLog,
): Promise<Asked<Result>> {
  for (let failures = 1; ; failures++) {
    try {
      return { kind: 'done', result: await run(part) };
    } catch (error) {
      const code = codeOf(error);
      const kind = faultKindOf(error);
      if (kind === 'refused') return { kind, code };
      if (kind !== 'lasting') return { kind: 'stopped', code };
      if (!isForPeople(error, code)) throw error;
      throttledLog.warn(faultWords.lasting, { component: 'postgresql', err: error });
      await sleep(backoffMs(failures, backoff));
    }
  }
}

/**
 * Whether a person has to fix it. A mistake of ours, or the end of this process, has no code of a server or
 * of a connection.
 */
function isForPeople(error: unknown, code: string): boolean {
  return (
    code !== '' && !code.startsWith('ERR_INVALID') && !(error instanceof Error && error.name === 'AbortError')
  );
}

/** In reverse, because the last one is taken first. */
function smallerParts<Item>(part: readonly Item[]): (readonly Item[])[] {
  const size = Math.ceil(part.length / partsAtOnce);
  return Array.from({ length: Math.ceil(part.length / size) }, (_, index) =>
    part.slice(index * size, (index + 1) * size),
  ).reverse();
}
