import { usualCurrency } from '../../config/billModelConfig.ts';
import type { Config } from '../../config/loadConfig.ts';
import { findForecastFor } from '../../db/forecasts.ts';
import { countSelected, readProposalTime } from '../../db/runs/proposalCounts.ts';
import type { PlannedRun } from '../../db/runs/runChanges.ts';
import { ownBillSource } from '../../db/source/billSource.ts';
import { BillcastError } from '../../errors.ts';
import { shortVersion } from '../../render/template/templateVersion.ts';
import { completePlan, type Plan, type PlannedSelection } from '../../runs/plan.ts';
import { planHash } from '../../runs/planHash.ts';
import type { PlanRequest } from '../../runs/planRequest.ts';
import type { Proposal } from '../../runs/proposal.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { takesFourEyes } from './fourEyes.ts';
import { findOverlaps } from './overlaps.ts';
import type { HostTemplates } from './planTemplates.ts';

type Deps = Pick<OperationDeps, 'config' | 'database'>;

/**
 * Completes a plan and freezes what it would do, by counting its bills. It changes nothing.
 * @param options.except a run that gets this plan
 * @throws BillcastError USAGE for a plan that cannot be kept
 */
export async function proposeRun(
  deps: Deps,
  request: PlanRequest,
  { templates, except }: { readonly templates: HostTemplates; readonly except?: string | undefined },
): Promise<PlannedRun> {
  const { config } = deps;
  const { timeZone, seeds } = config;
  const hasSeeds = seeds.email.length + seeds.phone.length > 0;
  const plan = completePlan(
    { ...request, seeds: request.seeds ?? hasSeeds },
    { templates: templates.hashes, timeZone, now: new Date() },
  );
  const selection = plannedSelection(plan.selection);
  refuseFields(config, selection);
  const counted = await countProposal(deps, selection, except);
  const proposal = { ...counted, ...(await forecastOf(deps, plan, counted.bills)) };
  return { plan, proposal, planHash: planHash(plan, proposal), fourEyes: await takesFourEyes(deps) };
}

/** The forecast is shown, and so approved, together with the plan. */
async function forecastOf(
  { config, database }: Deps,
  plan: Plan,
  bills: number | null,
): Promise<Pick<Proposal, 'forecast'>> {
  if (bills === null) return {};
  const template = shortVersion(plan.templates[config.templates.name] ?? '');
  const forecast = await findForecastFor(database, { selection: plan.selection, template, bills });
  return forecast === undefined ? {} : { forecast };
}

/**
 * Refuses a selection of everything that is held: only `publish --all` releases that.
 * @throws BillcastError USAGE
 */
export function plannedSelection(selection: PlannedRun['plan']['selection']): PlannedSelection {
  if ('all' in selection) {
    throw new BillcastError('USAGE', 'a run is planned of a month, of ids or of fields');
  }
  return selection;
}

/** What counting has to know about the billed amounts. */
export function amountOptions(config: Pick<Config, 'billModel' | 'source'>) {
  return { hasAmounts: hasAmounts(config), usualCurrency: config.billModel.currency ?? usualCurrency };
}

/** Whether the billed amounts are known without reading each bill. */
export function hasAmounts({ source }: Pick<Config, 'source'>): boolean {
  return source.amounts !== undefined;
}

function refuseFields(config: Config, selection: PlannedSelection): void {
  if (!('fields' in selection) || selection.fields.grade === undefined) return;
  if (config.source.folder === ownBillSource().folder) return;
  throw new BillcastError(
    'USAGE',
    'a selection by grade needs our own tables: unset SOURCE_DIR, or give the ids',
  );
}

async function countProposal(deps: Deps, selection: PlannedSelection, except?: string): Promise<Proposal> {
  const { config, database } = deps;
  const asOf = await readProposalTime(database);
  const counts = await countSelected(database, selection, { asOf, ...amountOptions(config) });
  const known = counts.bills + counts.notHeld + counts.heldLater;
  const named = 'billIds' in selection ? selection.billIds.length : known;
  const overlaps = counts.bills === 0 ? [] : await findOverlaps(database, selection, except);
  return {
    asOf,
    ...counts,
    unknown: named - known,
    overlaps: overlaps.map(({ run, bills }) => ({ run, bills })),
  };
}
