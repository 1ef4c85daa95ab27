import type { Config } from '../../config/loadConfig.ts';
import { readSelectedPage, type SelectedBill } from '../../db/runs/billsOfRun.ts';
import { addRunEvent, hasRunEvent } from '../../db/runs/runEvents.ts';
import type { Run } from '../../db/runs/runRows.ts';
import { readLastSeedTime } from '../../db/runs/testSends.ts';
import { unclaimed } from '../../db/source/unclaimed.ts';
import { beforeAllBills } from '../../db/sql.ts';
import { BillcastError } from '../../errors.ts';
import { createBillModel } from '../../render/bill/createBillModel.ts';
import { chooseSamples, outlyingBills, type SampleFacts } from './chooseSamples.ts';
import { type SeedFacts, sendSeeds } from './sendSeeds.ts';
import type { TestSending } from './testSending.ts';

export interface SeedDeps extends TestSending {
  readonly config: Pick<Config, 'startDeadlineMs' | 'providerRates' | 'ladder' | 'seeds' | 'billModel'>;
}

const events = { sent: 'seedsSent', failed: 'seedsFailed' } as const;

export type SeedsEnd =
  /** There are no seed addresses, the plan does not want them, or they were sent already. */
  | { readonly kind: 'nothingToDo' }
  | { readonly kind: 'sent'; readonly facts: SeedFacts }
  /** No message was accepted: the run would do no better. */
  | { readonly kind: 'failed'; readonly why: string };

/**
 * Sends bills to the seed addresses before a run, once per run. After a crash, only those that were not
 * begun.
 */
export async function sendSeedsAhead(deps: SeedDeps, run: Run, actor: string): Promise<SeedsEnd> {
  const { database, config } = deps;
  if (!run.plan.seeds || countAddresses(config) === 0) return { kind: 'nothingToDo' };
  if (await hasRunEvent(database, run.number, Object.values(events))) return { kind: 'nothingToDo' };
  const facts = await sendSeeds(deps, {
    run,
    time: 0,
    seeds: config.seeds,
    bills: await readSamples(deps, run),
  });
  const isFailed = facts.sent + facts.sentBefore === 0;
  await addRunEvent(database, {
    run: run.number,
    what: isFailed ? events.failed : events.sent,
    actor,
    facts: told(facts),
  });
  return isFailed ? { kind: 'failed', why: whyOf(facts) } : { kind: 'sent', facts };
}

/**
 * Sends them again, each time a person asks for it.
 * @throws BillcastError USAGE without seed addresses, or for a run without bills
 */
export async function sendSeedsNow(deps: SeedDeps, run: Run, actor: string): Promise<SeedFacts> {
  const { database, config } = deps;
  demandSeeds(config);
  const bills = await readSamples(deps, run);
  if (bills.length === 0) throw new BillcastError('USAGE', `run ${run.id} has no bills to show`);
  const time = (await readLastSeedTime(database, run.number)) + 1;
  const facts = await sendSeeds(deps, { run, time, seeds: config.seeds, bills });
  await addRunEvent(database, { run: run.number, what: events.sent, actor, facts: told(facts) });
  return facts;
}

/** @throws BillcastError USAGE without seed addresses */
export function demandSeeds(config: Pick<Config, 'seeds'>): void {
  if (countAddresses(config) > 0) return;
  throw new BillcastError('USAGE', 'there are no seed addresses: set SEED_EMAIL or SEED_PHONE');
}

/** Without nested objects, as the facts of run events are shown. */
function told({ reasons, ...counts }: SeedFacts): object {
  return { ...counts, ...reasons };
}

function countAddresses({ seeds }: Pick<Config, 'seeds'>): number {
  return seeds.email.length + seeds.phone.length;
}

function whyOf({ reasons }: SeedFacts): string {
  const [reason = 'there was no bill to show'] = Object.keys(reasons);
  return `no message to a seed address was accepted: ${reason}`;
}

/** Samples are chosen from so many bills. */
const mostLookedAt = 200;
/** Of a larger bill nothing is loaded: it is enough to know that it is so long. */
const mostBytes = 65_536;

/** Bills to choose from: the outliers of the approved forecast, and some of the first bills. */
async function readSamples(deps: SeedDeps, { plan: { selection }, proposal }: Run): Promise<SelectedBill[]> {
  if ('all' in selection) return [];
  const page = { alsoReleased: true, after: beforeAllBills, limit: mostLookedAt };
  const outlying = outlyingBills(proposal?.forecast);
  const outliers =
    outlying.length === 0
      ? []
      : await readSelectedPage(deps.database, { ...page, selection: { billIds: outlying } });
  const bills = await readSelectedPage(deps.database, { ...page, selection });
  const chosen = bills.length === 0 ? [] : chooseSamples(await factsOf(deps, bills));
  const byId = new Map([...chosen, ...outliers].map((bill) => [bill.billId, bill]));
  return [...byId.values()];
}

async function factsOf(
  { database, loadBills, config }: SeedDeps,
  bills: readonly SelectedBill[],
): Promise<SampleFacts<SelectedBill>[]> {
  const model = await createBillModel(config.billModel);
  const texts = await loadBills(database, bills.map(unclaimed), mostBytes);
  return bills.flatMap((bill) => {
    const loaded = texts.get(bill.billId);
    if (loaded === undefined) return [];
    if (loaded.largeBytes !== undefined) return [{ bill, bytes: loaded.largeBytes, isNothingDue: false }];
    const read = model.read(loaded.text);
    if (read.kind !== 'complete') return [];
    return [{ bill, bytes: loaded.text.length, isNothingDue: model.isNothingDue(read.bill) }];
  });
}
