import { hasFourEyes } from '../../db/runs/clusterFourEyes.ts';
import { BillcastError } from '../../errors.ts';
import type { OperationDeps } from '../operationDeps.ts';

type Deps = Pick<OperationDeps, 'config' | 'database'>;

/** Whether FOUR_EYES is set here, or for a dispatcher that is alive: no other setting gets round that. */
export async function takesFourEyes({ config, database }: Deps): Promise<boolean> {
  return config.fourEyes || (await hasFourEyes(database, config.claimTtlMs));
}

/** @throws BillcastError APPROVAL_NEEDED with FOUR_EYES: then only approved runs release bills */
export async function refuseUnapproved(deps: Deps): Promise<void> {
  if (!(await takesFourEyes(deps))) return;
  throw new BillcastError(
    'APPROVAL_NEEDED',
    'FOUR_EYES is set, so nothing is published without the approval of another person: plan a run with ' +
      '`npx billcast run create --month YYYY-MM` or `--file`, have it approved, and start it with `run start`',
  );
}
