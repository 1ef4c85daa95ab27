import type { Config } from '../config/loadConfig.ts';
import type { Logger } from '../log/log.ts';
import type { ReceiptMeter } from '../metrics/receiptMeter.ts';
import type { NoticeKeeper } from '../operations/notices/noticeKeeper.ts';
import { openNoticeKeeper } from '../operations/notices/openNoticeKeeper.ts';
import { openReceiptPoller } from '../operations/polling/openReceiptPoller.ts';
import type { ReceiptPoller } from '../operations/polling/receiptPoller.ts';
import type { Connections } from './connections.ts';

/** What a dispatcher does beside the path, as far as the settings ask for it. */
export interface Keepers {
  /** Undefined if nobody is told anything. */
  readonly noticeKeeper: NoticeKeeper | undefined;
  /** Undefined if no provider is asked for receipts. */
  readonly receiptPoller: ReceiptPoller | undefined;
}

/** Starts the keepers. What the settings do not ask for is not even loaded. */
export async function openKeepers({
  connections: { control: database, id: owner },
  ...options
}: {
  readonly config: Config;
  readonly connections: Connections;
  readonly receiptMeter: ReceiptMeter;
  readonly log: Logger;
}): Promise<Keepers> {
  const deps = { ...options, database, owner };
  return {
    noticeKeeper: await openNoticeKeeper(deps),
    receiptPoller: await openReceiptPoller(deps),
  };
}
