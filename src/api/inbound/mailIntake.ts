import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import type { Logger } from '../../log/log.ts';
import type { ReceiptMeter } from '../../metrics/receiptMeter.ts';
import { createAddressHasher } from '../../policy/addressHasher.ts';
import { createBounceTokens } from '../../providers/smtp/bounceToken.ts';
import { createMaildirReader } from './maildirReader.ts';
import { openMailPort } from './mailPort.ts';

/** The ways by which bounces arrive as mails, by the settings; none by default. */
export interface MailIntake {
  /** May be called twice. */
  stop(): Promise<void>;
}

/** @throws BillcastError API_FAILED if the port is taken */
export async function startMailIntake({
  config,
  database,
  log,
  receiptMeter,
}: {
  readonly config: Config;
  readonly database: Database;
  readonly log: Logger;
  readonly receiptMeter: ReceiptMeter;
}): Promise<MailIntake> {
  const { lmtpPort, maildir } = config.inbound;
  const { keys } = config.cipher;
  const deps = {
    database,
    log,
    receiptMeter,
    addressHasher: createAddressHasher(keys),
    tokens: createBounceTokens(keys.map(({ key }) => key)),
  };
  const port =
    lmtpPort === 0 ? undefined : await openMailPort(deps, { port: lmtpPort, host: config.api.host });
  const reader = maildir === undefined ? undefined : createMaildirReader(deps, { folder: maildir });
  reader?.start();
  return {
    async stop() {
      await Promise.all([port?.stop(), reader?.stop()]);
    },
  };
}
