import assert from 'node:assert/strict';
import { mail, submitted } from './mailParts.ts';
import type { Received, StandIn, SubmittedFile } from './standIn.ts';

/** It takes files in `multipart/form-data` only. */
export const mailgun: StandIn = {
  ...mail,
  provider: 'mailgun',
  urlSetting: 'MAILGUN_URL',
  settings: {
    MAILGUN_API_KEY: 'mg-1',
    MAILGUN_DOMAIN: 'mg.example.com',
    MAILGUN_FROM: 'bills@mg.example.com',
  },
  tooMany: { status: 429, body: { message: 'Too many requests' } },
  unauthorised: { status: 401, body: 'Forbidden' },
  failed: { status: 500, body: { message: 'Internal Server Error' } },
  async read(request) {
    const expected = `Basic ${Buffer.from('api:mg-1').toString('base64')}`;
    if (request.headers.authorization !== expected) return this.unauthorised;
    const form = await formOf(request);
    const message = submitted(textIn(form, 'to'), textIn(form, 'text'), await filesIn(form));
    const [billId, channel, cycle] = message.key.split(':');
    assert.equal(textIn(form, 'h:Message-Id'), `<${billId}.${cycle}.${channel}@mg.example.com>`);
    if (!message.isBad) return [message];
    return {
      status: 400,
      body: { message: "'to' parameter is not a valid address. please check documentation" },
    };
  },
  replyTo: ([message]) => {
    const [billId, channel, cycle] = message?.key.split(':') ?? [];
    const id = `<${billId}.${cycle}.${channel}@mg.example.com>`;
    return { status: 200, body: { id, message: 'Queued. Thank you.' } };
  },
  find({ path }, isAccepted) {
    const id = new URL(path, 'http://x').searchParams.get('message-id') ?? '';
    const [billId, cycle, channel] = id.split('@')[0]?.split('.') ?? [];
    const isFound = isAccepted(`${billId}:${channel}:${cycle}`);
    const item = { event: 'accepted', message: { headers: { 'message-id': id } } };
    return { status: 200, body: { items: isFound ? [item] : [], paging: {} } };
  },
};

/** Reads the form with Node's own reader. */
function formOf({ headers, bytes }: Received): Promise<FormData> {
  return new Response(bytes, { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
}

function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

function filesIn(form: FormData): Promise<SubmittedFile[]> {
  const files = form.getAll('attachment').filter((value) => typeof value !== 'string');
  return Promise.all(
    files.map(async (file) => {
      const { name, type } = file;
      return { name, type, content: Buffer.from(await file.arrayBuffer()) };
    }),
  );
}
