import assert from 'node:assert/strict';
import { base64File, bearer, mail, submitted } from './mailParts.ts';
import type { Received, StandIn, Submitted } from './standIn.ts';

interface ResendMail {
  readonly to: readonly string[];
  readonly text: string;
  readonly attachments?: readonly {
    readonly filename: string;
    readonly content_type: string;
    readonly content: string;
  }[];
}

/**
 * In strict mode one bad address fails the whole list. Its key gives the same answer again for 24 hours. A
 * list drops the files of its mails without a word: they go one by one to another address.
 */
export const resend: StandIn = {
  ...mail,
  provider: 'resend',
  urlSetting: 'RESEND_URL',
  settings: { RESEND_API_KEY: 're_1', RESEND_FROM: 'bills@example.com' },
  tooMany: {
    status: 429,
    body: { statusCode: 429, name: 'rate_limit_exceeded', message: 'Too many requests.' },
  },
  unauthorised: {
    status: 401,
    body: { statusCode: 401, name: 'missing_api_key', message: 'Missing API Key' },
  },
  failed: {
    status: 500,
    body: { statusCode: 500, name: 'application_error', message: 'An unexpected error' },
  },
  read(request) {
    const refused = bearer(request, 're_1', this.unauthorised);
    if (refused !== undefined) return refused;
    assert.match(String(request.headers['idempotency-key']), /^.{1,256}$/);
    const messages = messagesIn(request);
    if (messages.every(({ isBad }) => !isBad)) return messages;
    const message = 'Invalid `to` field. The email address needs to follow the `email@example.com` format.';
    return { status: 422, body: { statusCode: 422, name: 'validation_error', message } };
  },
  replyTo(messages, _taken, { path }) {
    const ids = messages.map(({ key }) => ({ id: `re-${key}` }));
    return { status: 200, body: isList(path) ? { data: ids } : ids[0] };
  },
};

/** All its mails have files. */
export const resendWithFiles: StandIn = { ...resend, sendsFiles: true };

function isList(path: string): boolean {
  return path === '/emails/batch';
}

function messagesIn({ path, body }: Received): Submitted[] {
  if (isList(path)) {
    const list: ResendMail[] = JSON.parse(body);
    assert.ok(list.length <= 100);
    return list.map(({ to, text }) => submitted(to[0] ?? '', text));
  }
  assert.equal(path, '/emails');
  const { to, text, attachments = [] }: ResendMail = JSON.parse(body);
  const files = attachments.map((file) => base64File(file.filename, file.content_type, file.content));
  return [submitted(to[0] ?? '', text, files)];
}
