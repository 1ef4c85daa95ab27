import { backoffMs } from '../lib/backoff.ts';
import { sleep } from '../lib/sleep.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import { codeOf, faultKindOf, faultWords } from './statementFault.ts';

/** The outcome of a part of a batch. */
export type PartOutcome<Item, Result> =
  | { readonly kind: 'done'; readonly result: Result }
  /** The server refuses this one, and would again. */
  | { readonly kind: 'refused'; readonly item: Item; readonly code: string }
  /** Stopped each time (cancelled, a lock not granted): to be tried again later. */
  | { readonly kind: 'stuck'; readonly items: readonly Item[]; readonly code: string };

export interface IsolateOptions<Item, Result> {
  /** The statement: safe to ask again for any part of the batch. */
  readonly run: (part: readonly Item[]) => Promise<Result>;
  readonly throttledLog: ThrottledLog;
}

/** A batch of 500 is down to single bills in three steps. */
const partsAtOnce = 8;
/** If this many parts are stopped, it is not about some bills. */
const mostStops = 16;
const beforeSecondTryMs = 100;
const backoff = { firstMs: 1_000, longestMs: 10_000 };

/**
 * Runs a batch so that a fault costs what it touches: if the statement fails by its data or is stopped by the
 * server, it is asked in smaller parts, down to the one item that it is about. Parts are yielded as they are
 * done. What somebody has to fix (a right, a table) is asked again until that is done.
 * @throws what is no fault of a statement
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
 * The whole again after the first stop, since most happen once; then smaller parts, as long as there are any.
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

/** A mistake of ours, or the end of this process, has no code of a server or of a connection. */
function isForPeople(error: unknown, code: string): boolean {
  return (
    code !== '' && !code.startsWith('ERR_INVALID') && !(error instanceof Error && error.name === 'AbortError')
  );
}

/** In reverse: the last one is asked first. */
function smallerParts<Item>(part: readonly Item[]): (readonly Item[])[] {
  const size = Math.ceil(part.length / partsAtOnce);
  return Array.from({ length: Math.ceil(part.length / size) }, (_, index) =>
    part.slice(index * size, (index + 1) * size),
  ).reverse();
}
