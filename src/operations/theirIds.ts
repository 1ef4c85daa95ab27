import { keyOf } from '../billKey.ts';
import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import { findBillKeys, findBillsByKey, findMemberKeys, findMembersByKey } from '../db/source/resolveKeys.ts';

/*
 * With BILL_ID_KIND, people name bills and members by the billing system's ids. Inside, both have numbers.
 * Commands and the API translate between them here, at their edge, by the names of the fields. (Events and
 * outcomes are translated in their own statements.)
 */

export interface IdDeps {
  readonly config: Pick<Config, 'source'>;
  readonly database: Database;
}

export type IdSubject = 'bill' | 'member';

export interface UnknownId {
  readonly subject: IdSubject;
  readonly id: string;
}

/** The fields that contain ids, single ones or lists. A cursor such as `next` is no id. */
const subjects: Readonly<Record<string, IdSubject>> = {
  billId: 'bill',
  billIds: 'bill',
  firstBillIds: 'bill',
  openBills: 'bill',
  replacedBy: 'bill',
  sample: 'bill',
  upTo: 'bill',
  memberId: 'member',
  memberIds: 'member',
};

/** The same facts with the billing system's ids. An id that has none keeps its number. */
export async function showTheirIds<Facts>({ config, database }: IdDeps, facts: Facts): Promise<Facts> {
  if (config.source.idKind === 'bigint') return facts;
  const numbers = collectIds(facts, (_, id) => isNumber(id));
  const bills = await unlessNone(numbers.bill, (ids) => findBillKeys(database, ids));
  const members = await unlessNone(numbers.member, (ids) => findMemberKeys(database, ids));
  return replaceIds(facts, (subject, id) => (subject === 'bill' ? bills : members).get(id) ?? id);
}

/** The same request with numbers, and the ids that are unknown. Bills may be named by number too. */
export async function readTheirIds<Request>(
  { config, database }: IdDeps,
  request: Request,
): Promise<{ readonly request: Request; readonly unknown: readonly UnknownId[] }> {
  const { idKind } = config.source;
  if (idKind === 'bigint') return { request, unknown: [] };
  // A bill's key contains a character that is no digit. If keys are text, a member's may be all digits.
  const keyIn = (subject: IdSubject, id: string): string | undefined =>
    isNumber(id) && (subject === 'bill' || idKind === 'uuid') ? undefined : keyOf(id, idKind);
  const ids = collectIds(request, (subject, id) => keyIn(subject, id) !== undefined);
  const keysOf = (subject: IdSubject): string[] => ids[subject].flatMap((id) => keyIn(subject, id) ?? []);
  const numbers = {
    bill: await unlessNone(keysOf('bill'), (keys) => findBillsByKey(database, keys)),
    member: await unlessNone(keysOf('member'), (keys) => findMembersByKey(database, keys)),
  };
  const numberOf = (subject: IdSubject, id: string): string | undefined =>
    numbers[subject].get(keyIn(subject, id) ?? '');
  const unknown = (['bill', 'member'] as const).flatMap((subject) =>
    ids[subject].filter((id) => numberOf(subject, id) === undefined).map((id) => ({ subject, id })),
  );
  return { request: replaceIds(request, (subject, id) => numberOf(subject, id) ?? id), unknown };
}

/** Pure: a text with at most five of these ids. */
export function unknownText(unknown: readonly UnknownId[]): string {
  const names = unknown.slice(0, shown).map(({ id }) => id);
  const more = unknown.length > shown ? ` and ${unknown.length - shown} more` : '';
  return `there is no ${unknown[0]?.subject ?? 'bill'} ${names.join(', ')}${more}`;
}

const shown = 5;

/** Runs the statement only if there is an id: most requests and answers have none. */
async function unlessNone(
  ids: readonly string[],
  find: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  return ids.length === 0 ? new Map() : find(ids);
}

function isNumber(id: string): boolean {
  return /^\d+$/.test(id);
}

type Replace = (subject: IdSubject, id: string) => string;

function collectIds(
  value: unknown,
  isMeant: (subject: IdSubject, id: string) => boolean,
): Record<IdSubject, string[]> {
  const found = { bill: new Set<string>(), member: new Set<string>() };
  replaceIds(value, (subject, id) => {
    if (isMeant(subject, id)) found[subject].add(id);
    return id;
  });
  return { bill: [...found.bill], member: [...found.member] };
}

/** Pure: copies plain objects and lists. Everything else in them stays as it is. */
export function replaceIds<T>(value: T, replace: Replace): T {
  return replaceIn(value, replace) as T;
}

function replaceIn(value: unknown, replace: Replace, subject?: IdSubject): unknown {
  if (typeof value === 'string') return subject === undefined ? value : replace(subject, value);
  if (Array.isArray(value)) return value.map((item) => replaceIn(item, replace, subject));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, replaceIn(item, replace, subjects[name])]),
  );
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The parameters of a route have a prototype without a prototype, made by the router.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
