import { findRoots } from '../../db/runs/runManifests.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { type CheckedAttempt, type CheckFacts, checkProof } from './checkProof.ts';

export interface KeptCheckFacts extends Omit<CheckFacts, 'attempts'> {
  /** `isKept`: whether we keep a manifest of this run with this root. */
  readonly attempts: readonly (CheckedAttempt & { readonly isKept: boolean })[];
}

/**
 * Checks a file as `checkProof` does, and looks its roots up among our manifests.
 * @throws BillcastError USAGE if the file is no proof
 */
export async function checkKeptProof(
  { database }: Pick<OperationDeps, 'database'>,
  request: Parameters<typeof checkProof>[0],
): Promise<KeptCheckFacts> {
  const { attempts, ...facts } = checkProof(request);
  const kept = await findRoots(
    database,
    attempts.flatMap(({ root }) => (root === null ? [] : [root])),
  );
  return {
    ...facts,
    attempts: attempts.map((attempt) => ({
      ...attempt,
      isKept: kept.some(({ run, root }) => run === attempt.run && root === attempt.root),
    })),
  };
}
