import type { Channel } from '../../../channels.ts';
import { usualCurrency } from '../../../config/billModelConfig.ts';
import { type KeptStatement, readStatements } from '../../../db/runs/providerStatements.ts';
import type { ReportScope, ReportSnapshot } from '../../../db/runs/reportRows.ts';
import { atOneMoment } from '../../../db/runs/reportSnapshot.ts';
import { readRunIds } from '../../../db/runs/runIds.ts';
import { beforeAllBills } from '../../../db/sql.ts';
import { formOf, type MessagePrices, priceOf } from '../../../policy/messagePrice.ts';
import { openFieldCiphers } from '../../../render/cipher/fieldCiphers.ts';
import type { OperationDeps } from '../../operationDeps.ts';
import { showTheirIds } from '../../theirIds.ts';
import { hasAmounts } from '../proposeRun.ts';
import { DomainTally } from './domainTally.ts';
import { type MessagePrice, makeReport, type ReportInput } from './makeReport.ts';
import type { Report, StatementLine } from './reportFacts.ts';
import { createSumming } from './reportSums.ts';
import { ReportTally } from './reportTally.ts';

export type ReportDeps = Pick<OperationDeps, 'config' | 'database'>;

export interface ReadOptions {
  /** Counts by domain too, which opens every member's e-mail address and reads each bill once more. */
  readonly withDomains?: boolean | undefined;
  /** Called with the number of bills looked at so far. */
  readonly onProgress?: ((bills: number) => void) | undefined;
}

/** What is reported on, and what was approved of it, if anything. */
export interface Reported extends Pick<ReportInput, 'scope' | 'approved'> {
  readonly among: ReportScope;
}

const rowsPerWindow = 20_000;
/** Few at a time, because addresses are opened on the main loop. */
const contactsPerWindow = 2_000;

/**
 * Counts the bills at one moment of the database, window by window, so that memory does not grow with them.
 */
export async function readReport(
  { config, database }: ReportDeps,
  { among: scope, ...reported }: Reported,
  { withDomains = false, onProgress = () => undefined }: ReadOptions = {},
): Promise<Report> {
  const canSum = hasAmounts(config);
  const { currency = usualCurrency } = config.billModel;
  const ciphers = withDomains ? await openFieldCiphers(config.cipher) : undefined;
  const seen = await atOneMoment(database, { scope, currency, hasAmounts: canSum }, async (snapshot) => {
    const tallied = (await tallyOf(snapshot, onProgress)).total();
    const domains = ciphers && (await domainsOf(snapshot, new DomainTally(ciphers)));
    return { ...tallied, asOf: snapshot.asOf, plainSums: await snapshot.sums(), domains };
  });
  const { groups, acceptedTwice } = seen;
  return makeReport({
    ...reported,
    ...seen,
    ...(await showTheirIds({ config, database }, { groups, acceptedTwice })),
    run: scope.run,
    hasAmounts: canSum,
    statements: scope.run === undefined ? [] : (await readStatements(database, scope.run)).map(lineOf),
    runIds: await readRunIds(database, [...new Set(seen.groups.map(({ run }) => run))]),
    priceOf: (provider, channel) => pricesOf(config.prices, provider, channel),
    priceCurrency: config.prices.currency,
    domains: seen.domains?.facts(createSumming(canSum)) ?? null,
  });
}

function lineOf({ facts, addedAt, ...kept }: KeptStatement): StatementLine {
  const { examples, ...counts } = facts;
  return { ...kept, ...counts, addedAt: addedAt.toISOString() };
}

async function tallyOf(snapshot: ReportSnapshot, onProgress: (bills: number) => void): Promise<ReportTally> {
  const tally = new ReportTally();
  let seen = 0;
  for (let after: string | null = beforeAllBills; after !== null; ) {
    const window = await snapshot.window({ after, rows: rowsPerWindow });
    tally.add(window);
    seen += window.rows;
    onProgress(seen);
    after = window.rows < rowsPerWindow ? null : window.upTo;
  }
  return tally;
}

async function domainsOf(snapshot: ReportSnapshot, tally: DomainTally): Promise<DomainTally> {
  for (let after: string | null = beforeAllBills; after !== null; ) {
    const { rows, upTo, contacts } = await snapshot.contacts({ after, rows: contactsPerWindow });
    tally.add(contacts);
    after = rows < contactsPerWindow ? null : upTo;
  }
  return tally;
}

function pricesOf(
  prices: MessagePrices,
  provider: string | null,
  channel: Channel,
): MessagePrice | undefined {
  const priceIn = (isLong: boolean) =>
    priceOf(prices, { channel, provider: provider ?? '', form: formOf(channel, isLong) });
  const [usual, long] = [priceIn(false), priceIn(true)];
  if (usual === undefined) return undefined;
  return { each: decimalOf(usual), eachLong: long === undefined ? null : decimalOf(long) };
}

/** A decimal number without an exponent. */
function decimalOf(price: number): string {
  return price.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 });
}
