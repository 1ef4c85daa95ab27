import { readDatabaseTime } from '../../db/databaseTime.ts';
import { countHeld, heldPages } from '../../db/reads/heldPages.ts';
import { measureRate } from '../../db/reads/measuredRate.ts';
import { createBillLoader } from '../../db/source/loadBills.ts';
import { createAddressHasher } from '../../policy/addressHasher.ts';
import { readTemplates } from '../../pool/readTemplates.ts';
import { createRenderPool, type RenderPool } from '../../pool/renderPool.ts';
import { monthKey, monthOf, monthsBefore } from '../../render/bill/billingDates.ts';
import { createBillModel } from '../../render/bill/createBillModel.ts';
import { shortVersion, templateVersion } from '../../render/template/templateVersion.ts';
import type { PlannedSelection } from '../../runs/plan.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { type ExpectDeps, expectBills } from './expectBills.ts';
import { expectedCost } from './expectedCost.ts';
import { expectedDuration } from './expectedDuration.ts';
import { ForecastTally } from './forecastTally.ts';
import { loadHeld } from './heldTexts.ts';
import { readWarmupWait } from './warmupWait.ts';

export type ForecastDeps = Pick<OperationDeps, 'config' | 'database'>;

export interface ForecastRequest {
  readonly selection: PlannedSelection;
  /**
   * Looks only at about so many bills, spread over all. If missing or larger than their number: at all bills.
   */
  readonly sample?: number | undefined;
  /** The pace of a plan, in bills per second. */
  readonly perSecond?: number | undefined;
}

export interface ForecastProgress {
  /** How many bills were looked at, and how many there are. */
  readonly done: number;
  readonly of: number;
}

export interface ForecastOptions {
  readonly onProgress?: ((progress: ForecastProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type ForecastFacts = Awaited<ReturnType<typeof forecast>>;

const billsPerPage = 500;

/**
 * Forecasts what the held bills of a selection will become if every provider accepts. Each is rendered as it
 * will be sent, page by page, in memory that does not grow with the month. Nothing is changed or sent.
 * @throws BillcastError TEMPLATE_INVALID, CIPHER_FAILED, MODULE_INVALID or RENDER_POOL_FAILED
 * @throws the reason of `signal`
 */
export async function forecast(deps: ForecastDeps, request: ForecastRequest, options: ForecastOptions = {}) {
  const { config, database } = deps;
  const { selection, perSecond } = request;
  const now = await readDatabaseTime(database);
  const { held, notHeld } = await countHeld(database, selection);
  const every = stepOf(held, request.sample);
  const templates = await readTemplates(config.templates);
  const tally = new ForecastTally(config.billModel.currency ?? 'KRW');
  if (held > 0) await walk(deps, { ...options, selection, every, held, now, templates, tally });
  const found = tally.facts();
  const scale = tally.bills === 0 ? 0 : held / tally.bills;
  const messages = found.messages.map(({ channel, form, messages: count }) => ({
    channel,
    form,
    messages: Math.round(count * scale),
  }));
  const month = monthIn(selection);
  return {
    month: month ?? null,
    asOf: now.toISOString(),
    template: { name: templates.name, version: shortVersion(templateVersion(templates)) },
    bills: held,
    notHeld,
    /**
     * Null: every bill was looked at. Otherwise counts are of the sample; cost and duration are scaled to all
     * bills.
     */
    sampled: every === 1 ? null : { bills: tally.bills, of: held },
    ...found,
    turnLimit: config.brakeLimits.smsTurns,
    duration: expectedDuration({
      bills: held,
      messages,
      rates: config.providerRates,
      shares: config.providers,
      measured: month === undefined ? undefined : await measureRate(database, [month, monthKeyBefore(month)]),
      perSecond,
      atWarmup: await readWarmupWait(deps, { now, scale, messages, domains: found.domains }),
    }),
    cost: expectedCost(messages, { prices: config.prices, shares: config.providers }),
  };
}

interface Walk extends ForecastOptions {
  readonly selection: PlannedSelection;
  readonly every: number;
  readonly held: number;
  readonly now: Date;
  readonly templates: Awaited<ReturnType<typeof readTemplates>>;
  readonly tally: ForecastTally;
}

async function walk(deps: ForecastDeps, options: Walk): Promise<void> {
  const renderPool = await openPool(deps, options);
  try {
    await lookAtAll(deps, renderPool, options);
  } finally {
    await renderPool.stop();
  }
}

/** PDFs are left out: they take milliseconds each, and change no number here. */
function openPool({ config }: ForecastDeps, { templates }: Walk): Promise<RenderPool> {
  return createRenderPool({
    threads: config.poolThreads,
    timeoutMs: config.renderTimeoutMs,
    renderer: { ...config.billModel, pdf: undefined, templates, ciphers: config.cipher },
  });
}

/** The next page is loaded while this one is rendered. */
async function lookAtAll(
  { config, database }: ForecastDeps,
  renderPool: RenderPool,
  { selection, every, held, now, tally, signal, onProgress }: Walk,
): Promise<void> {
  const expect: ExpectDeps = {
    database,
    renderPool,
    now,
    model: await createBillModel(config.billModel),
    addressHasher: createAddressHasher(config.cipher.keys),
    ladder: config.ladder,
    timeZone: config.timeZone,
  };
  const parts = partsOf();
  let next = parts.next();
  for (;;) {
    const part = await next;
    if (part.done === true) return;
    next = parts.next();
    // Awaited in the next turn. If that turn is not reached because this one fails, nobody awaits it.
    next.catch(() => undefined);
    signal?.throwIfAborted();
    for (const bill of await expectBills(expect, part.value)) tally.add(bill);
    onProgress?.({ done: tally.bills, of: Math.max(tally.bills, Math.round(held / every)) });
  }

  async function* partsOf() {
    const loadBills = createBillLoader(config.source);
    for await (const page of heldPages(database, selection, { size: billsPerPage, every })) {
      yield* loadHeld({ database, loadBills }, page);
    }
  }
}

/** The month as `YYYY-MM`, if bills are selected by month. */
function monthIn(selection: PlannedSelection): string | undefined {
  if ('month' in selection) return selection.month;
  return 'fields' in selection ? selection.fields.month : undefined;
}

/** Pure: the month before; both are `YYYY-MM`. */
function monthKeyBefore(month: string): string {
  return monthKey(monthsBefore(monthOf(month), 1));
}

/** Pure: one of so many bills is looked at. */
function stepOf(held: number, sample = held): number {
  return Math.max(1, Math.floor(held / Math.max(1, sample)));
}
