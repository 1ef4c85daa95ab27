import type { Config } from '../../config/loadConfig.ts';
import type { TargetName } from '../../db/notices/noticeOutbox.ts';
import { sendPlainMail } from '../../providers/smtp/plainMail.ts';
import { readSessionSettings } from '../../providers/smtp/sessionSettings.ts';
import { chatBody } from './chatForm.ts';
import type { NoticeMessage } from './noticeMessage.ts';
import { postJson } from './postJson.ts';

/** A way to reach people. */
export interface NoticeTarget {
  readonly name: TargetName;
  /**
   * @returns what went wrong although the message was taken, such as an address that was refused
   * @throws Error if it was not taken
   */
  send(message: NoticeMessage): Promise<string | undefined>;
}

/** Shorter than the wait before the second try. */
const timeLimitMs = 20_000;

/** The targets in the settings. */
export function noticeTargets({ notices, providerSettings }: Config): NoticeTarget[] {
  const { email, webhook } = notices;
  const targets: NoticeTarget[] = [];
  if (email !== undefined) {
    const { from, to, relays } = email;
    const options = { relays, session: readSessionSettings(providerSettings.smtp), timeLimitMs };
    targets.push({
      name: 'MAIL',
      async send({ id, title, text }) {
        const refused = await sendPlainMail({ from, to, subject: title, text, messageId: id }, options);
        return refused === 0
          ? undefined
          : `${refused} of ${to.length} addresses of NOTIFY_EMAIL were refused`;
      },
    });
  }
  if (webhook !== undefined) {
    const { url, form } = webhook;
    targets.push({
      name: 'CHAT',
      async send(message) {
        await postJson(url, chatBody(form, message), timeLimitMs);
        return undefined;
      },
    });
  }
  return targets;
}
