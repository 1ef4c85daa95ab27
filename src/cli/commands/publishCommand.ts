import { type Command, Option } from 'commander';
import { readControl } from '../../db/control.ts';
import type { Database } from '../../db/database.ts';
import { readClusterHealth } from '../../db/reads/clusterHealth.ts';
import { countHeldBills, type HeldBills } from '../../db/reads/heldBills.ts';
import { expectSms } from '../../db/smsExpectation.ts';
import { createRelease } from '../../db/transitions/releaseHeld.ts';
import { BillcastError } from '../../errors.ts';
import { parseMonth, parseShare } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import { parseFutureTime } from '../pointInTime.ts';
import { printFacts, type System, tell, withSystem } from '../system.ts';

interface PublishOptions {
  month?: string;
  all?: boolean;
  at?: string;
  expectSms?: number;
  yes?: boolean;
  json?: boolean;
}

export function addPublish(program: Command): void {
  program
    .command('publish')
    .description('release held bills: a running dispatcher publishes their events and sends them')
    .option('--month <YYYY-MM>', 'the bills of this month', parseMonth)
    .addOption(new Option('--all', 'the held bills of all months').conflicts('month'))
    .option('--at <time>', 'not before this time: 2026-11-25T09:00+09:00, or without an offset in TIME_ZONE')
    .option(
      '--expect-sms <share>',
      'the share of this month that may turn to SMS, 0 to 1, instead of SMS_TURN_STOP_RATE',
      parseShare,
    )
    .option('--yes', 'do not ask; needed if this is not a terminal')
    .option('--json', 'print the facts as one line of JSON')
    .action((options: PublishOptions) => withSystem((system) => publish(system, options)));
}

async function publish(system: System, options: PublishOptions): Promise<void> {
  const { month, all, at, expectSms: share } = options;
  if (month === undefined && !all) {
    throw new BillcastError(
      'USAGE',
      'say which bills: --month 2026-11, or --all for the held bills of every month',
    );
  }
  if (share !== undefined && month === undefined) {
    throw new BillcastError('USAGE', '--expect-sms is for one month: say which, with --month 2026-11');
  }
  const { database, config } = system;
  const notBefore =
    at === undefined ? undefined : parseFutureTime(at, { flag: '--at', timeZone: config.timeZone });
  const held = await countHeldBills(database, { month });
  if (held.bills > 0 && !(await confirm(question(held, { month, notBefore }), options))) {
    tell('Nothing was released.');
    process.exitCode = 1;
    return;
  }
  const smsLimit = month === undefined ? null : await expectSms(database, { month, share });
  warnOfSmsShare(held, smsLimit ?? config.brakeLimits.smsTurns);
  const published = await releaseAll(database, { month, notBefore });
  printFacts({ published }, options);
  if (published > 0) {
    await sayWhatHoldsThemUp(system);
  }
}

function question(
  { bills, withoutEmail }: HeldBills,
  { month, notBefore }: { month: string | undefined; notBefore: Date | undefined },
): string {
  const which = month === undefined ? 'of all months' : `of ${month.slice(0, 7)}`;
  const share = ((100 * withoutEmail) / bills).toFixed(1);
  const start = notBefore === undefined ? 'at once' : `not before ${notBefore.toISOString()}`;
  return (
    `${bills.toLocaleString('en')} held bills ${which} go out ${start}; ` +
    `${withoutEmail.toLocaleString('en')} (${share} %) of them by SMS, since the member has no e-mail address. Release them?`
  );
}

/** The brake stops all channels when more turn to SMS than the limit says. */
function warnOfSmsShare({ bills, withoutEmail }: HeldBills, limit: number): void {
  if (bills === 0 || withoutEmail / bills <= limit) return;
  const share = (withoutEmail / bills).toFixed(2);
  tell(
    `${share} of these bills turn to SMS, and the brake stops sending above ${limit}: ` +
      'if that share is right, publish with --expect-sms and a share above it.',
  );
}

/** A release that nobody acts upon looks like a release that works. */
async function sayWhatHoldsThemUp({ database, config }: System): Promise<void> {
  const { alive } = await readClusterHealth(database, config.claimTtlMs);
  if (alive === 0) {
    tell(
      'No dispatcher is running, so nothing is sent yet: start one with `npx pm2 start ecosystem.config.js`.',
    );
  }
  const { paused } = await readControl(database);
  if (paused) {
    tell('Sending is paused: `billcast resume` starts it.');
  }
}

const billsAStep = 5_000;

/** Lets every held bill go, a few thousand in a transaction; what is let go already is not counted again. */
export async function releaseAll(
  database: Database,
  which: { month?: string | undefined; notBefore?: Date | undefined } = {},
): Promise<number> {
  const release = createRelease(database, which);
  let total = 0;
  for (let count = billsAStep; count === billsAStep; total += count) count = await release.next(billsAStep);
  return total;
}
