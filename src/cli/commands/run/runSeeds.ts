import type { Command } from 'commander';
import { withTestSending } from '../../../dispatcher/openTestSending.ts';
import { demandRun } from '../../../operations/runs/readRuns.ts';
import { sendSeedsNow } from '../../../operations/testSends/sendRunSeeds.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { withSystem } from '../../openSystem.ts';
import { printFacts } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { runActorHere } from './runActorHere.ts';

export function defineRunSeeds(command: Command): void {
  addUsage(command, {
    examples: [['run seeds 2026-11', 'send some bills of this run to SEED_EMAIL and SEED_PHONE, now']],
    exitsWith1: 'no message was accepted',
  });
  command
    .description('send some bills of a run to the seed addresses, now and as often as you like')
    .argument('<run>', 'the run')
    .addOption(jsonOption())
    .action((id: string, options: { readonly json?: boolean }) =>
      withSystem(async (system) => {
        const { config, database } = system;
        const run = await demandRun(database, id);
        const facts = await recordAccess(database, { what: 'seeds', reason: id }, () =>
          withTestSending(system, (sending) =>
            sendSeedsNow({ ...sending, config }, run, runActorHere().name),
          ),
        );
        const { reasons, ...counts } = facts;
        printFacts(options.json ? facts : { ...counts, ...reasons }, options);
        if (facts.sent === 0) process.exitCode = 1;
      }),
    );
}
