import type { Command } from 'commander';
import { withTestSending } from '../../../dispatcher/openTestSending.ts';
import { type RehearsalFacts, rehearse } from '../../../operations/testSends/rehearse.ts';
import { parseCount } from '../../arguments.ts';
import { countingBills } from '../../billCounter.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { type System, withSystem } from '../../openSystem.ts';
import { printFacts, printNote } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { runActorHere } from './runActorHere.ts';

interface RehearseOptions {
  readonly limit?: number;
  readonly json?: boolean;
}

export function defineRunRehearse(command: Command): void {
  addUsage(command, {
    examples: [
      [
        'run rehearse 2026-11-rehearsal',
        'render all its bills, send those of DELIVER_ONLY_TO, leave all of them held',
      ],
      ['run rehearse 2026-11-rehearsal --limit 20', 'send 20 messages at the most'],
    ],
    exitsWith1: 'it stopped before its end',
  });
  command
    .description(
      'rehearse: send real bills to nobody but DELIVER_ONLY_TO or REDIRECT_ALL_TO; no bill changes by it. Ctrl-C ' +
        'pauses it, and the same command goes on',
    )
    .argument('<run>', 'a run that was made with --rehearsal')
    .option('--limit <n>', 'the most messages (default: 100 with REDIRECT_ALL_TO, else no limit)', parseCount)
    .addOption(jsonOption())
    .action((id: string, options: RehearseOptions) =>
      withSystem(async (system) => {
        const facts = await run(system, id, options);
        const { reasons, why: _, ...counts } = facts;
        printFacts(options.json ? facts : { ...counts, ...reasons }, options);
        if (facts.ended !== 'stopped') return;
        if (!options.json) printNote(`Stopped: ${facts.why ?? ''}. The same command goes on.`);
        process.exitCode = 1;
      }),
    );
}

async function run(system: System, id: string, { limit }: RehearseOptions): Promise<RehearsalFacts> {
  const { config, log } = system;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await recordAccess(system.database, { what: 'rehearse', reason: id }, () =>
      withTestSending(system, (sending) =>
        countingBills('bills rendered', (onProgress) =>
          rehearse(
            { ...sending, config, log },
            { id, actor: runActorHere().name, limit, signal: interrupted.signal, onProgress },
          ),
        ),
      ),
    );
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
