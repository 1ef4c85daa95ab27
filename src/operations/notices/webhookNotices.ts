import type { Notice } from '../../db/notices/noticeOutbox.ts';
import type { DisabledWebhook } from '../../db/notices/untoldWebhooks.ts';

/** Pure: the notice that nothing more is posted to an endpoint. */
export function webhookNotice({ key, id, at, why }: DisabledWebhook): Notice {
  return {
    key,
    kind: 'webhookDisabled',
    subject: id,
    at,
    title: `The webhook ${id} is disabled`,
    lines: [
      `Outcomes are not posted to it any more, and none is lost: ${why}.`,
      `Repair it, then it goes on where it stood: billcast webhook enable ${id} --reason "..."`,
    ],
    path: '/',
  };
}
