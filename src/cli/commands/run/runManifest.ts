import type { Command } from 'commander';
import { zonedTime } from '../../../lib/timeText.ts';
import { makeManifest } from '../../../operations/proof/makeManifest.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { withSystem } from '../../openSystem.ts';
import { printFacts } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { runActorHere } from './runActorHere.ts';

export function defineRunManifest(command: Command): void {
  addUsage(command, {
    examples: [
      [
        'run manifest 2026-11 --json > manifest.json',
        'one hash over all accepted messages, to keep elsewhere',
      ],
    ],
  });
  command
    .description('make one hash over all accepted messages of a run that is done (docs/proof.md)')
    .argument('<run>', 'the run; `elsewhere` for events that came from elsewhere')
    .addOption(jsonOption())
    .action((runId: string, options: { readonly json?: boolean }) =>
      withSystem(async ({ config, database }) => {
        const facts = await recordAccess(database, { what: 'makeManifest', reason: runId }, () =>
          makeManifest({ database }, { runId, actor: runActorHere().name }),
        );
        const madeAt = zonedTime(facts.madeAt, config.timeZone);
        printFacts(options.json ? facts : { ...facts, madeAt }, options);
      }),
    );
}
