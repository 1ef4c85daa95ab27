import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { type OutcomeProgress, readOutcomeProgress } from '../../db/outcomes/outcomeSwitch.ts';
import { counted } from '../../lib/counted.ts';
import { zonedTime } from '../../lib/timeText.ts';
import { listWebhooks, type WebhookFacts } from '../outcomes/webhooks.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Checks whether outcomes are published, and whether webhooks receive them. */
export async function checkOutcomes(
  { webhooks: { key }, timeZone }: Pick<Config, 'timeZone' | 'webhooks'>,
  database: Database,
): Promise<Finding[]> {
  const progress = await readOutcomeProgress(database);
  const webhooks = await listWebhooks({ database });
  const isOn = progress.on !== undefined;
  return [judgeOutcomes(progress), ...judgeWebhooks(webhooks, { isOn, key, timeZone })];
}

/** Pure. */
export function judgeOutcomes({
  on,
  last,
  published,
}: Pick<OutcomeProgress, 'on' | 'last' | 'published'>): Finding {
  if (on === undefined && last === published) return ok('outcomes', 'off');
  return ok('outcomes', `${on === undefined ? 'off' : 'on'}, ${published} of ${last} are in the topic`);
}

type JudgedWebhook = Pick<
  WebhookFacts,
  'id' | 'disabledWhy' | 'behind' | 'failures' | 'failingSince' | 'lastAnswer'
>;

/** Pure. */
export function judgeWebhooks(
  webhooks: readonly JudgedWebhook[],
  {
    isOn,
    key,
    timeZone,
  }: { readonly isOn: boolean; readonly key: string | undefined; readonly timeZone: string },
): Finding[] {
  if (webhooks.length === 0) return [];
  if (key === undefined) {
    return [warn('webhooks', `${webhooks.length} get nothing: set WEBHOOK_KEY for all dispatchers`)];
  }
  if (!isOn) {
    return [warn('webhooks', 'they get nothing new: outcomes are off; run `billcast outcomes on`')];
  }
  const troubled = webhooks.flatMap((webhook) => troubleOf(webhook, timeZone));
  return troubled.length > 0 ? troubled : [ok('webhooks', `${webhooks.length} enabled`)];
}

function troubleOf(
  { id, disabledWhy, behind, failures, failingSince, lastAnswer }: JudgedWebhook,
  timeZone: string,
): Finding[] {
  if (disabledWhy !== null) {
    const todo = `\`billcast webhook enable ${id}\``;
    return [warn('webhooks', `${id} is disabled, ${behind} behind (${disabledWhy}): ${todo}`)];
  }
  if (failingSince === null) return [];
  const since = `since ${zonedTime(failingSince, timeZone)}, ${counted(failures, 'try', 'tries')} in a row, ${behind} behind`;
  return [
    warn('webhooks', `${id} fails ${since} (${lastAnswer ?? 'no answer'}): it is tried again for 3 days`),
  ];
}
