import type { Command } from 'commander';
import { runWithEventsOf } from '../../../api/runOf.ts';
import { findRun } from '../../../operations/runs/readRuns.ts';
import { showTheirIds } from '../../../operations/theirIds.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { withReadOnlySystem } from '../../openSystem.ts';
import { printFacts } from '../../output.ts';
import { runText } from './runLines.ts';

export function defineRunShow(command: Command): void {
  addUsage(command, {
    examples: [['run show 2026-11', 'its plan, where it stands, what happened to it, and what comes next']],
  });
  command
    .description('show one run')
    .argument('<run>', 'the run')
    .addOption(jsonOption())
    .action((id: string, options: { readonly json?: boolean }) =>
      withReadOnlySystem(async (system) => {
        const { config, database } = system;
        const { run, ...found } = await findRun({ database }, id);
        const facts = await showTheirIds(system, runWithEventsOf(run, found));
        if (options.json) printFacts(facts, options);
        else process.stdout.write(runText(facts, config.timeZone));
      }),
    );
}
