import { type Command, InvalidArgumentError } from 'commander';
import { BillcastError } from '../../errors.ts';
import { counted } from '../../lib/counted.ts';
import { zonedTime } from '../../lib/timeText.ts';
import {
  addWebhook,
  enableWebhook,
  listWebhooks,
  removeWebhook,
  replayOutcomes,
  rotateWebhook,
  usualKeepHours,
  type WebhookFacts,
} from '../../operations/outcomes/webhooks.ts';
import { parseCount, parseWhole } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { makeRecorded } from '../makeRecorded.ts';
import { type System, withReadOnlySystem } from '../openSystem.ts';
import { formatCount, printFacts, printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';

interface ChangeOptions {
  readonly reason: string;
  readonly json?: boolean;
}

export function defineWebhook(webhook: Command): void {
  webhook.description(
    'Keeps the webhooks that outcomes are posted to, by the Standard Webhooks specification.',
  );
  defineAdd(webhook.command('add'));
  defineList(webhook.command('list'));
  defineChange(webhook.command('remove'), {
    what: 'removeWebhook',
    does: 'remove a webhook, and its place in the feed',
    make: ({ database }, id) => removeWebhook({ database }, id),
  });
  defineChange(webhook.command('enable'), {
    what: 'enableWebhook',
    does: 'try a webhook again, at once; it goes on where it stood',
    make: ({ database }, id) => enableWebhook({ database }, id),
  });
  defineRotate(webhook.command('rotate'));
  defineReplay(webhook.command('replay'));
}

const keepSecret = 'Keep the secret: it is not shown again.';

interface AddOptions extends ChangeOptions {
  readonly after?: number;
  readonly outcome?: readonly string[];
}

function defineAdd(command: Command): void {
  addUsage(command, {
    examples: [
      [
        'webhook add shop https://shop.example.com/hooks --reason "orders"',
        'it gets what happens from now on',
      ],
      ['webhook add shop https://shop.example.com/hooks --after 0 --reason "orders"', 'all that is kept'],
      [
        'webhook add shop https://shop.example.com/hooks --outcome REFUSED BOUNCED --reason "orders"',
        'these only',
      ],
    ],
  });
  addReason(
    command
      .description('add a webhook; its secret is shown once')
      .argument('<id>', 'its name: small letters, digits and -', parseId)
      .argument('<url>', 'https://, and no private address')
      .option('--after <number>', 'it gets the outcomes after this number', parseWhole)
      .option('--outcome <word...>', 'it gets these only (docs/outcomes.md has the words)'),
  ).action(async (id: string, url: string, { after, outcome: outcomes, ...options }: AddOptions) => {
    const change = { what: 'addWebhook', about: id, ...options };
    await makeRecorded(change, ({ config, database }) =>
      addWebhook({ config, database }, { id, url, after, outcomes, actor: personAtTerminal() }),
    );
    printNote(keepSecret);
  });
}

function defineList(command: Command): void {
  addUsage(command, { examples: [['webhook list', 'each webhook, and how far it has come']] });
  command
    .description('list the webhooks, and how far each has come')
    .addOption(jsonOption('print one line of JSON'))
    .action(async (options: { json?: boolean }) => {
      await withReadOnlySystem(async ({ config, database }) => {
        const items = await listWebhooks({ database });
        const lines = items.map((item) => webhookLine(item, config.timeZone));
        if (options.json) printFacts({ items }, options);
        else process.stdout.write(lines.join('') || 'There are no webhooks.\n');
      });
    });
}

/** Pure. */
function webhookLine(webhook: WebhookFacts, timeZone: string): string {
  const { id, url, through, behind, replay, outcomes, oldUntil, ...state } = webhook;
  const { disabledAt, disabledWhy, failures, nextAt, lastAnswer } = state;
  const parts = [
    `${id}  ${url}  through ${through}, ${formatCount(behind)} behind`,
    ...(outcomes === null ? [] : [`gets ${outcomes.join(', ')}`]),
    ...(oldUntil === null ? [] : [`the old secret is valid until ${zonedTime(oldUntil, timeZone)}`]),
    ...(replay === null ? [] : [`replays ${replay.after + 1} to ${replay.through}`]),
    ...(disabledAt === null ? [] : [`DISABLED since ${zonedTime(disabledAt, timeZone)}: ${disabledWhy}`]),
    ...(disabledAt === null && failures > 0
      ? [`failed ${counted(failures, 'time')} (${lastAnswer}), tried again ${zonedTime(nextAt, timeZone)}`]
      : []),
  ];
  return `${parts.join('  ')}\n`;
}

interface Change {
  readonly what: string;
  readonly does: string;
  readonly make: (system: System, id: string) => Promise<boolean>;
}

function defineChange(command: Command, { what, does, make }: Change): void {
  addUsage(command, { examples: [[`webhook ${command.name()} shop --reason "ticket 12"`, does]] });
  addReason(command.description(does).argument('<id>', 'its name', parseId)).action(
    (id: string, options: ChangeOptions) =>
      makeRecorded({ what, about: id, ...options }, async (system) => {
        if (!(await make(system, id))) throw new BillcastError('USAGE', `there is no webhook ${id}`);
        return { id };
      }),
  );
}

function defineRotate(command: Command): void {
  addUsage(command, {
    examples: [
      ['webhook rotate shop --reason "yearly"', 'a new secret; for 24 hours messages are signed with both'],
      ['webhook rotate shop --keep-hours 0 --reason "it leaked"', 'the old secret ends at once'],
    ],
  });
  addReason(
    command
      .description('give a webhook a new secret, which is shown once')
      .argument('<id>', 'its name', parseId)
      .option(
        '--keep-hours <n>',
        'how long messages are also signed with the old secret',
        parseWhole,
        usualKeepHours,
      ),
  ).action(async (id: string, { keepHours, ...options }: ChangeOptions & { keepHours: number }) => {
    const change = { what: 'rotateWebhook', about: id, ...options };
    await makeRecorded(change, ({ config, database }) =>
      rotateWebhook({ config, database }, { id, keepHours }),
    );
    printNote(keepSecret);
  });
}

function defineReplay(command: Command): void {
  addUsage(command, {
    examples: [['webhook replay shop --from 120001 --to 125000 --reason "lost there"', 'a range, again']],
  });
  addReason(
    command
      .description('deliver a range of numbers again, before what is new')
      .argument('<id>', 'its name', parseId)
      .requiredOption('--from <number>', 'the first number', parseCount)
      .option('--to <number>', 'the last one (default: all that it has got)', parseCount),
  ).action(async (id: string, { from, to, ...options }: ChangeOptions & { from: number; to?: number }) => {
    const about = `${id} ${from} to ${to ?? 'the last'}`;
    await makeRecorded({ what: 'replayWebhook', about, ...options }, ({ database }) =>
      replayOutcomes({ database }, { id, from, to }),
    );
  });
}

function addReason(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why; kept with the access record')
    .addOption(jsonOption());
}

function parseId(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(text)) {
    throw new InvalidArgumentError('must be small letters, digits and -, 40 at most.');
  }
  return text;
}
