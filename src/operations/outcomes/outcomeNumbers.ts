import type { Database } from '../../db/database.ts';
import { readOutcomeProgress } from '../../db/outcomes/outcomeSwitch.ts';
import type { OutcomeReading } from '../../metrics/outcomeGauges.ts';
import { listWebhooks } from './webhooks.ts';

/** How far outcomes have been published and delivered, for the metrics. */
export async function readOutcomeNumbers({
  database,
}: {
  readonly database: Database;
}): Promise<OutcomeReading> {
  const [{ owed, last, published }, webhooks] = await Promise.all([
    readOutcomeProgress(database),
    listWebhooks({ database }),
  ]);
  return {
    owed,
    unpublished: last - published,
    webhooks: webhooks.map(({ id, behind, failures, disabledAt }) => ({
      id,
      behind,
      failures,
      isEnabled: disabledAt === null,
    })),
  };
}
