import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { type ListedNotice, listNotices } from '../../db/notices/noticeList.ts';
import { timeIn } from '../../lib/timeText.ts';
import { sendTestNotice, type TestedTarget } from '../../operations/notices/testNotice.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withReadOnlySystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';

interface NotifyOptions {
  readonly test?: boolean;
  readonly json?: boolean;
}

const noticesShown = 50;

export function defineNotify(command: Command): void {
  addUsage(command, {
    examples: [
      ['notify', 'what people were told, and what still waits'],
      ['notify --test', 'send a test to all of them'],
    ],
    exitsWith1: 'the test did not reach everybody',
  });
  command
    .description(
      'Lists what people were told by e-mail (NOTIFY_EMAIL) and in a chat (NOTIFY_WEBHOOK_URL), the newest first.',
    )
    .option('--test', 'send a test instead; it needs no server but theirs')
    .addOption(jsonOption('print one line of JSON'))
    .action((options: NotifyOptions) => (options.test ? runTest(options) : runList(options)));
}

async function runTest(options: NotifyOptions): Promise<void> {
  const targets = await sendTestNotice({ config: loadConfig() });
  if (options.json) printFacts({ targets }, options);
  else process.stdout.write(targets.map(testLine).join(''));
  if (targets.some(({ sent, problem }) => !sent || problem !== null)) process.exitCode = 1;
}

function testLine({ target, sent, problem }: TestedTarget): string {
  return `${target.padEnd(4)}  ${sent ? 'sent' : 'NOT SENT'}${problem === null ? '' : `: ${problem}`}\n`;
}

async function runList(options: NotifyOptions): Promise<void> {
  await withReadOnlySystem(async ({ config, database }) => {
    const items = await listNotices(database, noticesShown);
    if (options.json) printFacts({ items }, options);
    else if (items.length === 0) process.stdout.write('Nobody was told anything yet.\n');
    else process.stdout.write(items.map((item) => noticeLine(item, timeIn(config.timeZone))).join(''));
  });
}

function noticeLine(
  { at, target, title, state, attempts, problem }: ListedNotice,
  time: (at: Date) => string,
): string {
  const why = problem === null ? '' : ` (${problem})`;
  return `${time(at)}  ${target.padEnd(4)}  ${title}: ${stateText(state, attempts)}${why}\n`;
}

function stateText(state: ListedNotice['state'], attempts: number): string {
  switch (state) {
    case 'sent':
      return 'sent';
    case 'waiting':
      return attempts === 0 ? 'waits' : `tried ${attempts === 1 ? 'once' : `${attempts} times`}, waits`;
    case 'givenUp':
      return 'given up';
    default:
      return state satisfies never;
  }
}
