import type { BillId } from '../../bill.ts';
import type { Config } from '../../config/loadConfig.ts';
import { readControl } from '../../db/control.ts';
import type { Database } from '../../db/database.ts';
import { type BillHistory, readHistory } from '../../db/reads/billHistory.ts';
import { readBrakeStates } from '../../db/reads/brakeStates.ts';
import { isAskedAbout, providersWithLookup } from '../askedAboutDoubts.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { takesFourEyes } from '../runs/fourEyes.ts';
import { findOverlaps, type Overlap } from '../runs/overlaps.ts';
import { showTheirIds } from '../theirIds.ts';
import { explain } from './explain.ts';
import type { Explanation, Surroundings } from './explanation.ts';

/** Everything that is known about one bill. */
export interface ExplainFacts extends Pick<Surroundings, 'control' | 'brakes'> {
  /**
   * `history.bill` is null if the bill is unknown. If BILL_ID_KIND is set, its id is the billing system's.
   */
  readonly history: BillHistory;
  readonly explanation: Explanation;
}

/** Reads one bill's history and explains it. Writes nothing. */
export async function explainBill(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  { billId }: { readonly billId: BillId },
): Promise<ExplainFacts> {
  const control = await readControl(database);
  const brakes = await readBrakeStates(database, config);
  const history = await readHistory(database, billId);
  const runs = await runsOf(database, history);
  const fourEyes = await takesFourEyes({ config, database });
  const { billId: shown } = await showTheirIds({ config, database }, { billId });
  const named = { ...history, billId: shown };
  const explanation = explain(named, {
    ...surroundingsOf(config),
    control,
    brakes,
    runs,
    fourEyes,
    canBeAsked: history.bill !== null && isAskedAbout(providersWithLookup(config), history.bill),
  });
  return { history: named, explanation, control, brakes };
}

async function runsOf(database: Database, { billId, bill }: BillHistory): Promise<Overlap[]> {
  return bill?.publishStatus === 'HELD' ? findOverlaps(database, { billIds: [billId] }) : [];
}

function surroundingsOf(config: Config): Omit<Surroundings, 'control' | 'brakes'> {
  return {
    ladder: config.ladder,
    timeZone: config.timeZone,
    claimTtlMs: config.claimTtlMs,
    batchMaxAgeMs: config.sweep.batchMaxAgeMs,
    orphanAfterMs: config.sweep.orphanAfterMs,
    earlyEventMaxMs: config.sweep.earlyEventMaxMs,
    maxCycles: config.retransmit.maxCycles,
  };
}
