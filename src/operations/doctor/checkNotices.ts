import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { type NoticeTrouble, readNoticeTrouble } from '../../db/notices/noticeList.ts';
import { placeOf } from '../../providers/smtp/classifyEnd.ts';
import { tryRelay } from './checkMailServers.ts';
import { type Finding, fail, faultText, guarded, ok, warn } from './finding.ts';

/** A person is waiting for the result. */
const longestWaitMs = 5_000;

/** Checks whether notices can reach people. It sends nothing. */
export async function checkNotices(config: Config): Promise<Finding[]> {
  const { email, webhook } = config.notices;
  const relays = email?.relays ?? [];
  const findings = await Promise.all([
    ...relays.map((relay) =>
      guarded('notices', async () => {
        const tried = await tryRelay(config, relay);
        const by = `e-mail by ${placeOf(relay)}`;
        return [
          tried.kind === 'opened'
            ? ok('notices', `${by}: it takes mail`)
            : fail('notices', `${by}: ${tried.cause}`),
        ];
      }),
    ),
    ...(webhook === undefined ? [] : [checkWebhook(webhook.url)]),
  ]);
  return [...judgeTold(config), ...findings.flat()];
}

/** Pure. */
function judgeTold({ notices, production }: Pick<Config, 'notices' | 'production'>): Finding[] {
  const { email, webhook, publicUrl } = notices;
  if (email === undefined && webhook === undefined) {
    const text = 'nobody is told if a run waits or a brake goes on: set NOTIFY_EMAIL or NOTIFY_WEBHOOK_URL';
    return [production ? warn('notices', text) : ok('notices', text)];
  }
  return publicUrl === undefined
    ? [warn('notices', 'they have no link to the dashboard: set PUBLIC_URL')]
    : [];
}

/** Any answer shows that the chat can be reached, even a refusal: this request is no message. */
async function checkWebhook(url: string): Promise<Finding[]> {
  const { host } = new URL(url);
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(longestWaitMs) });
    return [ok('notices', `chat at ${host}: it answers; \`billcast notify --test\` sends a message`)];
  } catch (error) {
    return [
      fail('notices', `chat at ${host}: no connection (${faultText(error)}): check NOTIFY_WEBHOOK_URL`),
    ];
  }
}

export async function checkWaitingNotices(database: Database): Promise<Finding[]> {
  return judgeTrouble(await readNoticeTrouble(database));
}

/** Pure. */
function judgeTrouble(troubles: readonly NoticeTrouble[]): Finding[] {
  return troubles.map(({ target, waiting, problem }) =>
    warn('notices', `${waiting} could not be sent to ${target} yet, and are tried again: ${problem}`),
  );
}
