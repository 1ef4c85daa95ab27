import type { Config } from '../../config/loadConfig.ts';
import { timeIn } from '../../lib/timeText.ts';
import type { NoticeKeeper, NoticeKeeperDeps } from './noticeKeeper.ts';

/** Undefined if the settings name no target: then nothing is loaded. */
export async function openNoticeKeeper({
  config,
  ...deps
}: Pick<NoticeKeeperDeps, 'database' | 'log' | 'owner'> & {
  readonly config: Config;
}): Promise<NoticeKeeper | undefined> {
  const { notices, timeZone } = config;
  if (notices.email === undefined && notices.webhook === undefined) return undefined;
  const { createNoticeKeeper } = await import('./noticeKeeper.ts');
  const { noticeTargets } = await import('./noticeTargets.ts');
  const message = { publicUrl: notices.publicUrl, time: timeIn(timeZone) };
  return createNoticeKeeper({ ...deps, targets: noticeTargets(config), message });
}
