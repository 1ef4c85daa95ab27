import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Channel, channelNames } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import { BillcastError } from '../../errors.ts';
import { firstChannel } from '../../ladder.ts';
import { failureReasons, turnReasons } from '../../operations/explain/reasons.ts';
import { type RetryFacts, retry, type TurnToEmailFacts, turnToEmail } from '../../operations/retry.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { countingBills } from '../billCounter.ts';
import { readNamedBills } from '../billFile.ts';
import { numbersOfNamed } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { noteHindrances } from '../hindranceNotes.ts';
import { jsonOption } from '../jsonOption.ts';
import { withSystem } from '../openSystem.ts';
import { formatCount, printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';
import {
  addBillOptions,
  addMonthOption,
  printChange,
  requireOption,
  type SelectionOptions,
} from '../selectionOptions.ts';

interface RetryOptions extends SelectionOptions {
  readonly reason?: string;
  readonly channel?: Channel;
  readonly askRefused?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function defineRetry(command: Command): void {
  addUsage(command, {
    examples: [
      [
        'retry --month 2026-11 --reason CIPHER_FAILED --dry-run',
        'count the bills that failed because a key was missing',
      ],
      ['retry --month 2026-11 --reason CIPHER_FAILED', 'send these again'],
      ['retry --file bills.csv --ask-refused', 'send again to addresses that were refused'],
      ['retry --channel email --month 2026-11', 'turn SMS that are not sent yet back to e-mail'],
    ],
  });
  command.description(
    'Starts the next cycle of failed bills now. With --channel email it turns bills that wait for ' +
      'their SMS back to e-mail. ' +
      'A bill has to meet all conditions given.',
  );
  addMonthOption(addBillOptions(command))
    .addOption(
      new Option('--reason <code>', 'the bills that failed, or turned to SMS, for this reason').choices([
        ...new Set([...failureReasons, ...turnReasons]),
      ]),
    )
    .option(
      '--channel <name>',
      'the first channel: turn bills that wait on another one back to it',
      parseChannel,
    )
    .option('--ask-refused', 'send to addresses again that were refused for good and have not changed')
    .option('--dry-run', 'only count the bills')
    .addOption(jsonOption())
    .action(runRetry);
}

function parseChannel(text: string): Channel {
  const channel = channelNames.find((name) => name === text.toUpperCase());
  if (channel === undefined) {
    throw new InvalidArgumentError(
      `must be the first of CHANNELS, such as ${channelNames[0]?.toLowerCase()}.`,
    );
  }
  return channel;
}

/** @throws BillcastError USAGE for a channel other than the one with which cycles begin */
function requireFirst({ ladder }: Pick<Config, 'ladder'>, channel: Channel | undefined): void {
  const first = firstChannel(ladder);
  if (channel !== undefined && channel !== first) {
    throw new BillcastError(
      'USAGE',
      `--channel must be ${first.toLowerCase()}, the first of CHANNELS: each cycle begins with it`,
    );
  }
}

async function runRetry(options: RetryOptions): Promise<void> {
  const { month, reason, channel, askRefused = false, dryRun = false } = options;
  requireOption(options, ['bill', 'file', 'month', 'reason']);
  const named = await readNamedBills(options);
  await withSystem(async (system) => {
    const { config, database } = system;
    requireFirst(config, channel);
    const { repeated } = named;
    const billIds = await numbersOfNamed(system, named.billIds);
    const request = { selection: { billIds, month, reason }, actor: personAtTerminal(), dryRun };
    const facts = await recordAccess<RetryFacts | TurnToEmailFacts>(
      database,
      { what: 'retry', billIds, dryRun },
      () =>
        countingBills<RetryFacts | TurnToEmailFacts>('bills looked at', (onProgress) =>
          channel === undefined
            ? retry({ config, database }, { ...request, askRefused, onProgress })
            : turnToEmail({ config, database }, { ...request, onProgress }),
        ),
    );
    printChange(await showTheirIds(system, { ...facts, ...repeated }), options);
    if (!askRefused) noteRefused(facts);
    if (movedOf(facts) > 0) await noteHindrances({ config, database });
  });
}

function movedOf(facts: RetryFacts | TurnToEmailFacts): number {
  return 'retried' in facts ? facts.retried : facts.turnedBack;
}

/** Without this line, a retry that is refused again looks like one that works. */
function noteRefused(facts: RetryFacts | TurnToEmailFacts): void {
  if (!('refusedBefore' in facts) || facts.refusedBefore === 0) return;
  printNote(
    `${formatCount(facts.refusedBefore)} of the bills have an address that was refused for good. It is tried again ` +
      'only if it has changed, or with --ask-refused; otherwise the next channel follows, or the bill fails again.',
  );
}
