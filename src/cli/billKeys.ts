import { type BillId, billIdPattern } from '../bill.ts';
import { keyOf } from '../billKey.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import { BillcastError } from '../errors.ts';
import { readTheirIds, unknownText } from '../operations/theirIds.ts';
import type { System } from './openSystem.ts';

/*
 * A person names a bill by our number or, with BILL_ID_KIND, by its id in the billing system. Until the
 * database is open, both have the type BillId.
 */

/** An id of the billing system that is no number; undefined if there are none. */
export function keyOfBill(text: string): BillId | undefined {
  const { idKind } = loadConfig().source;
  return idKind === 'bigint' || /^\d+$/.test(text) ? undefined : (keyOf(text, idKind) as BillId | undefined);
}

/**
 * The numbers of bills that were typed.
 * @throws BillcastError USAGE naming the first few that are unknown
 */
export async function numbersOf(
  { config, database }: Pick<System, 'config'> & { readonly database: Database | undefined },
  typed: readonly BillId[],
): Promise<BillId[]> {
  if (database === undefined) {
    if (typed.every((id) => /^\d+$/.test(id))) return [...typed];
    throw new BillcastError('USAGE', 'by the API, name the bills of a plan by their numbers in billcast');
  }
  const { request, unknown } = await readTheirIds({ config, database }, { billIds: [...typed] });
  if (unknown.length > 0) throw new BillcastError('USAGE', unknownText(unknown));
  return request.billIds;
}

/** @throws BillcastError USAGE if billcast does not know it */
export async function numberOf(system: Pick<System, 'config' | 'database'>, typed: BillId): Promise<BillId> {
  const [number = typed] = await numbersOf(system, [typed]);
  return number;
}

/** The numbers for the option `--bill` and a file; undefined if neither is given. */
export async function numbersOfNamed(
  system: Pick<System, 'config' | 'database'>,
  typed: readonly BillId[] | undefined,
): Promise<readonly BillId[] | undefined> {
  return typed === undefined ? undefined : numbersOf(system, typed);
}

/**
 * The number of a member.
 * @throws BillcastError USAGE if it is no id, or is unknown
 */
export async function memberNumberOf(
  system: Pick<System, 'config' | 'database'>,
  typed: string,
): Promise<string> {
  const { request, unknown } = await readTheirIds(system, { memberId: typed });
  if (unknown.length > 0) throw new BillcastError('USAGE', unknownText(unknown));
  if (billIdPattern.test(request.memberId)) return request.memberId;
  throw new BillcastError('USAGE', `${typed} is no id of a member`);
}
