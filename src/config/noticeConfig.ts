import { z } from 'zod';
import { isLoopback } from '../providers/http/httpSettings.ts';
import { readMailbox } from '../providers/smtp/mailbox.ts';
import { type Relay, readRelays } from '../providers/smtp/relayUrl.ts';
import { readBy, type smtpShape } from '../providers/smtp/smtpSettings.ts';
import { baseUrl } from './viewLinkConfig.ts';

export const noticeShape = {
  NOTIFY_EMAIL: readBy((text) => text.split(',').map((entry) => readMailbox(entry))).optional(),
  NOTIFY_SMTP_URL: readBy(readRelays).optional(),
  NOTIFY_FROM: readBy(readMailbox).optional(),
  NOTIFY_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  NOTIFY_WEBHOOK_FORM: z.enum(['text', 'teams']).default('text'),
  PUBLIC_URL: baseUrl.optional(),
};

type NoticeEnvironment = z.infer<
  z.ZodObject<typeof noticeShape & Pick<typeof smtpShape, 'SMTP_URL' | 'SMTP_FROM'>>
> & { readonly VIEW_LINK_URL?: string | undefined };

/** Who is told what happens, and how. */
export function noticeSettingsOf(env: NoticeEnvironment) {
  const { NOTIFY_EMAIL: to, NOTIFY_WEBHOOK_URL: url, NOTIFY_WEBHOOK_FORM: form } = env;
  const from = env.NOTIFY_FROM ?? env.SMTP_FROM;
  const relays = relaysOf(env);
  return {
    email: to === undefined || from === undefined ? undefined : { to, from, relays },
    webhook: url === undefined ? undefined : { url, form },
    /** The dashboard's address without a slash at its end; undefined if no setting gives it. */
    publicUrl: (env.PUBLIC_URL ?? env.VIEW_LINK_URL)?.replace(/\/+$/, ''),
  };
}

function relaysOf(env: NoticeEnvironment): readonly Relay[] {
  return env.NOTIFY_SMTP_URL ?? env.SMTP_URL ?? [];
}

/** The rules between these settings that are broken, one sentence each. */
export function noticeProblems(env: NoticeEnvironment & { readonly NODE_ENV: string }): string[] {
  const problems: string[] = [];
  const from = env.NOTIFY_FROM ?? env.SMTP_FROM;
  if (env.NOTIFY_EMAIL !== undefined && relaysOf(env).length === 0) {
    problems.push('NOTIFY_EMAIL needs NOTIFY_SMTP_URL, or SMTP_URL');
  }
  if (env.NOTIFY_EMAIL !== undefined && from === undefined) {
    problems.push('NOTIFY_EMAIL needs NOTIFY_FROM, or SMTP_FROM');
  }
  const own = env.NOTIFY_SMTP_URL ?? [];
  if (own.some(({ login }) => login?.method === 'XOAUTH2')) {
    problems.push('NOTIFY_SMTP_URL takes a user and a password, no auth=xoauth2');
  }
  if (env.NODE_ENV === 'production' && own.some(exposesPassword)) {
    problems.push(
      'NOTIFY_SMTP_URL must use STARTTLS or smtps:// with NODE_ENV=production: it has a password',
    );
  }
  return problems;
}

function exposesPassword({ host, tls, login }: Relay): boolean {
  return login !== undefined && (tls === 'off' || tls === 'opportunistic') && !isLoopback(host);
}
