import type { Config } from '../../config/loadConfig.ts';
import type { TargetName } from '../../db/notices/noticeOutbox.ts';
import { BillcastError } from '../../errors.ts';
import { timeIn } from '../../lib/timeText.ts';
import { noticeTargets } from './noticeTargets.ts';

/** Whether one target took a notice. */
export interface TestedTarget {
  readonly target: TargetName;
  readonly sent: boolean;
  readonly problem: string | null;
}

/**
 * Sends a test to all targets of notices, at once and not through the outbox.
 * @throws BillcastError CONFIG_INVALID if there is no target
 */
export async function sendTestNotice({
  config,
  now = new Date(),
}: {
  readonly config: Config;
  readonly now?: Date;
}): Promise<TestedTarget[]> {
  const targets = noticeTargets(config);
  if (targets.length === 0) {
    throw new BillcastError(
      'CONFIG_INVALID',
      'nobody is told anything: set NOTIFY_EMAIL or NOTIFY_WEBHOOK_URL',
    );
  }
  const { publicUrl } = config.notices;
  const lines = [
    `This is a test, sent at ${timeIn(config.timeZone)(now)}. Notices of billcast come this way.`,
    publicUrl === undefined ? 'They have no link to the dashboard: set PUBLIC_URL.' : `${publicUrl}/`,
  ];
  const message = { id: `test-${now.getTime()}`, title: '[billcast] A test', text: lines.join('\n') };
  return Promise.all(
    targets.map(async ({ name: target, send }) => {
      try {
        return { target, sent: true, problem: (await send(message)) ?? null };
      } catch (error) {
        return { target, sent: false, problem: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}
