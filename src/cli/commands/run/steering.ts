import type { Command } from 'commander';
import { runOf } from '../../../api/runOf.ts';
import type { Run } from '../../../db/runs/runRows.ts';
import type { SteerRunRequest } from '../../../operations/runs/steerRun.ts';
import { showTheirIds } from '../../../operations/theirIds.ts';
import { jsonOption } from '../../jsonOption.ts';
import { type System, withSystem } from '../../openSystem.ts';
import { printFacts } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { runActorHere } from './runActorHere.ts';

interface Steering {
  /** The name of its access records. */
  readonly what: string;
  readonly work: (deps: Pick<System, 'config' | 'database'>, request: SteerRunRequest) => Promise<Run>;
}

interface SteeringOptions {
  readonly reason?: string;
  readonly json?: boolean;
}

/** Adds what pause and close have in common. */
export function addSteering(command: Command, steering: Steering): void {
  command
    .argument('<run>', 'the run')
    .addOption(jsonOption())
    .action((id: string, options: SteeringOptions) => steer(id, options, steering));
}

/** Does it on this host. */
export function steer(id: string, options: SteeringOptions, { what, work }: Steering): Promise<void> {
  return withSystem(async (system) => {
    const { config, database } = system;
    const { reason } = options;
    const access = { what, reason: reason === undefined ? id : `${id}: ${reason}` };
    const run = await recordAccess(database, access, () =>
      work({ config, database }, { id, reason, actor: runActorHere() }),
    );
    const shown = options.json ? await showTheirIds(system, runOf(run)) : { run: id, state: run.state };
    printFacts(shown, options);
  });
}
