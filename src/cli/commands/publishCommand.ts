import { type Command, Option } from 'commander';
import { channels } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import type { HeldBills } from '../../db/reads/heldBills.ts';
import { readHeldElsewhere } from '../../db/reads/heldByMonth.ts';
import { BillcastError } from '../../errors.ts';
import { firstChannel, type Ladder, nextChannel } from '../../ladder.ts';
import { zonedTime } from '../../lib/timeText.ts';
import {
  type HeldSelection,
  previewRelease,
  type ReleaseFacts,
  releaseBills,
} from '../../operations/releaseBills.ts';
import { refuseUnapproved } from '../../operations/runs/fourEyes.ts';
import { refuseInSafeMode } from '../../operations/testSends/refuseInSafeMode.ts';
import { parseMonth, parseShare } from '../arguments.ts';
import { countingBills } from '../billCounter.ts';
import { addUsage } from '../commandUsage.ts';
import { confirm } from '../confirm.ts';
import { noteHindrances } from '../hindranceNotes.ts';
import { jsonOption } from '../jsonOption.ts';
import { nothingHeldText } from '../nothingHeld.ts';
import { type System, withSystem } from '../openSystem.ts';
import { formatCount, printFacts, printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { parseFutureTime } from '../pointInTime.ts';
import { recordAccess } from '../recordAccess.ts';

interface PublishOptions {
  readonly month?: string;
  readonly all?: boolean;
  readonly at?: string;
  readonly expectSms?: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function definePublish(command: Command): void {
  addUsage(command, {
    examples: [
      ['publish --month 2026-11', 'show how many bills would go out, and ask'],
      [
        'publish --month 2026-11 --at 2026-11-25T09:00+09:00 --yes',
        'release them without a question, to go out from that time on',
      ],
      ['publish --month 2026-11 --expect-sms 0.4', 'expect that 40 % of this month go by SMS'],
    ],
    exitsWith1: 'nothing was released',
  });
  command
    .description('Releases held bills. A running dispatcher publishes their events and sends them.')
    .option('--month <YYYY-MM>', 'the bills of this month', parseMonth)
    .addOption(new Option('--all', 'the held bills of all months').conflicts('month'))
    .option('--at <time>', 'not before this time: 2026-11-25T09:00+09:00, or without an offset in TIME_ZONE')
    .option(
      '--expect-sms <share>',
      "the share of this month's bills that may turn to SMS, 0 to 1 (default: SMS_TURN_STOP_RATE)",
      parseShare,
    )
    .option('--yes', 'do not ask; needed without a terminal')
    .addOption(jsonOption())
    .action((options: PublishOptions) => withSystem((system) => publish(system, options)));
}

async function publish({ database, config }: System, options: PublishOptions): Promise<void> {
  const { month, at, expectSms: smsShare } = options;
  checkOptions(options);
  refuseInSafeMode(config, 'publish');
  await refuseUnapproved({ config, database });
  const notBefore =
    at === undefined ? undefined : parseFutureTime(at, { flag: '--at', timeZone: config.timeZone });
  const held = await previewRelease({ database }, { month });
  if (held.bills > 0 && !(await confirm(question(held, { month, notBefore }, config), options))) {
    printNote('Nothing was released.');
    process.exitCode = 1;
    return;
  }
  const access = { what: 'publish', reason: month ?? 'all months' };
  const facts = await recordAccess(database, access, () =>
    countingBills('bills released', (onProgress) =>
      releaseBills(
        { config, database },
        { month, notBefore, smsShare, actor: personAtTerminal() },
        onProgress,
      ),
    ),
  );
  printFacts({ published: facts.published }, options);
  if (facts.published === 0) await noteNothingHeld(database, month);
  noteSmsShare(held, facts);
  if (facts.published > 0) await noteHindrances({ config, database });
}

/** Notes that nothing is held. Without this line, a mistyped month looks like one that is done. */
async function noteNothingHeld(database: Database, month: string | undefined): Promise<void> {
  printNote(
    month === undefined
      ? 'No bill is held.'
      : nothingHeldText(month.slice(0, 7), await readHeldElsewhere(database, month)),
  );
}

function checkOptions({ month, all, expectSms }: PublishOptions): void {
  if (month === undefined && !all) {
    throw new BillcastError(
      'USAGE',
      'say which bills: --month 2026-11, or --all for the held bills of all months',
    );
  }
  if (expectSms !== undefined && month === undefined) {
    throw new BillcastError('USAGE', '--expect-sms is for one month: say which, with --month 2026-11');
  }
}

function question(
  held: HeldBills,
  { month, notBefore }: HeldSelection,
  { timeZone, ladder }: Pick<Config, 'timeZone' | 'ladder'>,
): string {
  const which = month === undefined ? 'of all months' : `of ${month.slice(0, 7)}`;
  const start = notBefore === undefined ? 'at once' : `not before ${zonedTime(notBefore, timeZone)}`;
  const without = withoutEmailText(held, ladder);
  return `${formatCount(held.bills)} held bills ${which} go out ${start}${without}. Release them?`;
}

export function withoutEmailText({ bills, withoutEmail }: HeldBills, ladder: Ladder): string {
  const channel = firstChannel(ladder);
  if (channels[channel].contact !== 'email') return '';
  const next = nextChannel(ladder, { channel, passed: null }, 'noContact');
  const way = next === undefined ? 'not at all' : `by ${channels[next].label}`;
  const share = ((100 * withoutEmail) / bills).toFixed(1);
  return `, ${formatCount(withoutEmail)} (${share} %) of them ${way}, because the member has no e-mail address`;
}

/** Without this line, a release that the brake will stop looks like one that works. */
function noteSmsShare({ bills, withoutEmail }: HeldBills, { smsLimit }: ReleaseFacts): void {
  const share = bills === 0 ? 0 : withoutEmail / bills;
  if (share <= smsLimit) return;
  printNote(
    `${share.toFixed(2)} of these bills turn to SMS, and the brake stops sending above ${smsLimit}: ` +
      'if that share is right, publish again with --expect-sms and a share above it.',
  );
}
