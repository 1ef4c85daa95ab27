import { type Command, Option } from 'commander';
import { runOf } from '../../../api/runOf.ts';
import { listRuns } from '../../../operations/runs/readRuns.ts';
import { showTheirIds } from '../../../operations/theirIds.ts';
import { type RunState, runStates } from '../../../runs/runState.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { withReadOnlySystem } from '../../openSystem.ts';
import { printFacts } from '../../output.ts';
import { runLine } from './runLines.ts';

const runsShown = 100;

export function defineRunList(command: Command): void {
  addUsage(command, {
    examples: [
      ['run list', 'the newest runs'],
      ['run list --state DRAFT', 'those that wait for approval'],
    ],
  });
  command
    .description('list the runs, the newest first')
    .addOption(new Option('--state <name>', 'only those in this state').choices(runStates))
    .addOption(jsonOption('print one line of JSON'))
    .action(({ state, json }: { state?: RunState; json?: boolean }) =>
      withReadOnlySystem(async (system) => {
        const { database } = system;
        const runs = await listRuns({ database }, { states: state && [state], limit: runsShown });
        const items = await showTheirIds(system, runs.map(runOf));
        if (json) printFacts({ items }, { json });
        else process.stdout.write(items.map(runLine).join(''));
      }),
    );
}
