import { hasFourEyes } from '../../db/runs/clusterFourEyes.ts';
import { BillcastError } from '../../errors.ts';
import type { OperationDeps } from '../operationDeps.ts';
import type { RunActor } from './runActor.ts';

type Deps = Pick<OperationDeps, 'config' | 'database'>;

/**
 * Whether FOUR_EYES is set here, or for a living dispatcher. So nobody can avoid it by running a command
 * without the setting.
 */
export async function takesFourEyes({ config, database }: Deps): Promise<boolean> {
  return config.fourEyes || (await hasFourEyes(database, config.claimTtlMs));
}

/**
 * With FOUR_EYES_NAMED, refuses a person without a token who asks for a run: otherwise one person with a
 * shell and a token would count as two.
 * @throws BillcastError APPROVAL_NEEDED
 */
export async function refuseUnnamed(deps: Deps, { isNamed }: RunActor): Promise<void> {
  if (isNamed || !deps.config.fourEyesNamed || !(await takesFourEyes(deps))) return;
  throw new BillcastError(
    'APPROVAL_NEEDED',
    'FOUR_EYES_NAMED is set, and nobody on this host proves who they are: a run is planned and changed by an API token with ' +
      'the role operator (run create and run change with BILLCAST_TOKEN or --token-file)',
  );
}

export interface OtherPerson {
  /** `run 2026-11` */
  readonly what: string;
  /** Null if several people did. */
  readonly requestedBy: string | null;
  /** What is done to it: `approved`. */
  readonly done: string;
  /** The command: `run approve`. */
  readonly command: string;
}

/**
 * Checks the rule of four eyes: the actor must prove who they are, and must not be the person who asked.
 * @throws BillcastError APPROVAL_NEEDED, OWN_RUN
 */
export function refuseOneself(actor: RunActor, { what, requestedBy, done, command }: OtherPerson): void {
  if (!actor.isNamed) {
    const another = requestedBy === null ? '' : `by another person than ${requestedBy}, `;
    throw new BillcastError(
      'APPROVAL_NEEDED',
      `${what} takes four eyes, and nobody on this host proves who they are: it is ${done} ${another}` +
        `by an API token with the role approver (${command} with BILLCAST_TOKEN or --token-file)`,
    );
  }
  if (actor.name.toLowerCase() === requestedBy?.toLowerCase()) {
    throw new BillcastError('OWN_RUN', `${actor.name} asked for ${what}: it is ${done} by another person`);
  }
}

/**
 * With FOUR_EYES only approved runs release bills: refuses everything else.
 * @throws BillcastError APPROVAL_NEEDED
 */
export async function refuseUnapproved(deps: Deps): Promise<void> {
  if (!(await takesFourEyes(deps))) return;
  throw new BillcastError(
    'APPROVAL_NEEDED',
    'FOUR_EYES is set, so nothing is published without the approval of another person: plan a run with ' +
      '`npx billcast run create --month YYYY-MM` or `--file`, have it approved, and start it with `run start`',
  );
}
