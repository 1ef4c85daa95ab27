import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { keyIn, type StandIn, type Submitted } from './standIn.ts';

/** What the stand-ins of SMS providers share. */
const text = {
  channel: 'SMS',
  goodTo: (index: number) => `0101234${String(index).padStart(4, '0')}`,
  badTo: '01000000000',
  takes: (messages: readonly Submitted[]) => messages.filter(({ isBad }) => !isBad),
} as const;

function submitted(to: string, content: string): Submitted {
  return { key: keyIn(content), to, isBad: to.endsWith('00000000') };
}

const twilio: StandIn = {
  ...text,
  provider: 'twilio',
  urlSetting: 'TWILIO_URL',
  settings: {
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'tw-token',
    TWILIO_FROM: '+12025550100',
    TWILIO_STATUS_CALLBACK: 'https://bills.example/inbound/twilio?key={{key}}',
  },
  tooMany: { status: 429, body: { code: 20429, message: 'Too Many Requests', status: 429 } },
  unauthorised: { status: 401, body: { code: 20003, message: 'Authenticate', status: 401 } },
  failed: { status: 500, body: { code: 20500, message: 'Internal Server Error', status: 500 } },
  read(request) {
    const expected = `Basic ${Buffer.from(`AC${'0'.repeat(32)}:tw-token`).toString('base64')}`;
    if (request.headers.authorization !== expected) return this.unauthorised;
    const form = new URLSearchParams(request.body);
    const to = form.get('To') ?? '';
    assert.match(to, /^\+82\d{9,10}$/, 'E.164');
    const message = submitted(to, form.get('Body') ?? '');
    const callback = new URL(form.get('StatusCallback') ?? '');
    assert.equal(callback.pathname, '/inbound/twilio');
    assert.equal(callback.searchParams.get('key'), message.key, 'its receipt names the attempt');
    if (!message.isBad) return [message];
    return { status: 400, body: { code: 21211, message: `Invalid 'To' Phone Number: ${to}`, status: 400 } };
  },
  replyTo: ([message]) => ({
    status: 201,
    body: { sid: `SM${message?.key}`, status: 'queued', to: message?.to, error_code: null },
  }),
};

const vonage: StandIn = {
  ...text,
  provider: 'vonage',
  urlSetting: 'VONAGE_URL',
  settings: { VONAGE_API_KEY: 'abcd', VONAGE_API_SECRET: 'vo-secret', VONAGE_FROM: '15551230100' },
  tooMany: {
    status: 429,
    body: { type: 'https://developer.vonage.com/api-errors#throttled', title: 'Rate limit hit' },
  },
  unauthorised: {
    status: 401,
    body: { type: 'https://developer.vonage.com/api-errors#unauthorized', title: 'Unauthorized' },
  },
  failed: {
    status: 500,
    body: { type: 'https://developer.vonage.com/api-errors/messages#1030', title: 'Internal error' },
  },
  read(request) {
    const expected = `Basic ${Buffer.from('abcd:vo-secret').toString('base64')}`;
    if (request.headers.authorization !== expected) return this.unauthorised;
    const { to, text: content, client_ref: ref, failover } = JSON.parse(request.body);
    assert.equal(failover, undefined, 'its own fall-back stays off');
    assert.match(to, /^82\d{9,10}$/);
    const message = submitted(to, content);
    assert.equal(ref, message.key);
    if (!message.isBad) return [message];
    return {
      status: 422,
      body: {
        type: 'https://developer.vonage.com/api-errors/messages#1020',
        title: 'Invalid params',
        invalid_parameters: [{ name: 'to', reason: 'Value is not a valid phone number.' }],
      },
    };
  },
  replyTo: ([message]) => ({ status: 202, body: { message_uuid: `vo-${message?.key}` } }),
};

interface SolapiRequest {
  readonly allowDuplicates?: boolean;
  readonly showMessageList?: boolean;
  readonly messages: readonly {
    readonly to: string;
    readonly type: string;
    readonly text: string;
    readonly customFields: { readonly key: string };
  }[];
}

/** Without `allowDuplicates` it drops all but the first message to a number. */
export const solapi: StandIn = {
  ...text,
  provider: 'solapi',
  urlSetting: 'SOLAPI_URL',
  settings: { SOLAPI_API_KEY: 'NCS1', SOLAPI_API_SECRET: 'so-secret', SOLAPI_FROM: '0212345678' },
  tooMany: { status: 429, body: { errorCode: 'TooManyRequests', errorMessage: 'too many requests' } },
  unauthorised: {
    status: 403,
    body: { errorCode: 'SignatureDoesNotMatch', errorMessage: '시그니처가 일치하지 않습니다.' },
  },
  failed: { status: 500, body: { errorCode: 'InternalError', errorMessage: '서버 내부 오류' } },
  read(request) {
    const pattern = /^HMAC-SHA256 apiKey=NCS1, date=(\S+), salt=(\w{12,64}), signature=([0-9a-f]{64})$/;
    const [, date = '', salt = '', signature] = pattern.exec(request.headers.authorization ?? '') ?? [];
    const expected = createHmac('sha256', 'so-secret')
      .update(date + salt)
      .digest('hex');
    if (signature !== expected || Math.abs(Date.parse(date) - Date.now()) > 900_000) return this.unauthorised;
    const { messages }: SolapiRequest = JSON.parse(request.body);
    for (const { customFields, text: content } of messages) assert.equal(customFields.key, keyIn(content));
    return messages.map(({ to, text: content }) => submitted(to, content));
  },
  takes(messages, request) {
    const { allowDuplicates, showMessageList }: SolapiRequest = JSON.parse(request.body);
    assert.equal(showMessageList, true);
    return messages.filter(
      ({ to, isBad }, index) =>
        !isBad && (allowDuplicates === true || messages.findIndex((one) => one.to === to) === index),
    );
  },
  // It lists them in an order of its own.
  replyTo: (messages, taken) => ({
    status: 200,
    body: {
      groupInfo: { groupId: 'G4V1', count: { total: messages.length } },
      messageList: taken
        .map(({ key }) => ({ messageId: `so-${key}`, statusCode: '2000', customFields: { key } }))
        .reverse(),
      failedMessageList: messages
        .filter((message) => !taken.includes(message))
        .map(({ key, to }) => ({
          to,
          statusCode: '1013',
          statusMessage: '수신번호 형식이 잘못되었습니다.',
          customFields: { key },
        })),
    },
  }),
};

const usedNhnKeys = new Set<unknown>();

/** A key that comes again within ten minutes fails, whatever became of the first request. */
const nhnSms: StandIn = {
  ...text,
  provider: 'nhn-sms',
  urlSetting: 'NHN_SMS_URL',
  settings: { NHN_SMS_APP_KEY: 'app', NHN_SMS_SECRET_KEY: 'nhn-secret', NHN_SMS_FROM: '15446859' },
  tooMany: { status: 429 },
  unauthorised: {
    status: 200,
    body: { header: { isSuccessful: false, resultCode: -1000, resultMessage: 'Invalid appKey.' } },
  },
  failed: {
    status: 200,
    body: { header: { isSuccessful: false, resultCode: -9999, resultMessage: 'System error.' } },
  },
  read(request) {
    if (request.headers['x-secret-key'] !== 'nhn-secret') return this.unauthorised;
    const idempotencyKey = request.headers['x-nc-api-idempotency-key'];
    if (usedNhnKeys.has(idempotencyKey)) {
      const resultMessage = "The same 'X-NC-API-IDEMPOTENCY-KEY' was used within the last 10 minutes.";
      return { status: 200, body: { header: { isSuccessful: false, resultCode: -1005, resultMessage } } };
    }
    usedNhnKeys.add(idempotencyKey);
    const { body, title, recipientList } = JSON.parse(request.body);
    assert.equal(request.path.endsWith('/sender/mms'), title !== undefined);
    const message = submitted(recipientList[0].recipientNo, body);
    assert.equal(recipientList[0].recipientGroupingKey, message.key);
    if (!message.isBad) return [message];
    const header = { isSuccessful: false, resultCode: -2019, resultMessage: 'RecipientNo is invalid.' };
    return { status: 200, body: { header } };
  },
  replyTo: ([message]) => ({
    status: 200,
    body: {
      header: { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' },
      body: {
        data: {
          requestId: `nhn-${message?.key}`,
          statusCode: '2',
          sendResultList: [
            { recipientNo: message?.to, resultCode: 0, recipientSeq: 1, recipientGroupingKey: message?.key },
          ],
        },
      },
    },
  }),
  find({ path }, isAccepted) {
    const { pathname, searchParams } = new URL(path, 'http://x');
    assert.match(searchParams.get('startRequestDate') ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const key = searchParams.get('recipientGroupingKey') ?? '';
    const isThere = pathname.endsWith('/sender/mms') && isAccepted(key);
    const data = isThere ? [{ requestId: `nhn-${key}`, recipientGroupingKey: key, msgStatus: '3' }] : [];
    return { status: 200, body: { header: { isSuccessful: true, resultCode: 0 }, body: { data } } };
  },
};

/** 100 messages at most, 90 bytes per SMS, and taken as a whole or not at all. */
const sens: StandIn = {
  ...text,
  provider: 'sens',
  urlSetting: 'SENS_URL',
  settings: {
    SENS_ACCESS_KEY: 'ncp-access',
    SENS_SECRET_KEY: 'ncp-secret',
    SENS_SMS_SERVICE_ID: 'ncp:sms:kr:1:sens',
    SENS_FROM: '0212345678',
  },
  tooMany: { status: 429, body: { error: { errorCode: '400', message: 'Quota Exceeded' } } },
  unauthorised: { status: 401, body: { error: { errorCode: '200', message: 'Authentication Failed' } } },
  failed: { status: 500, body: { error: { errorCode: '900', message: 'Unexpected Error' } } },
  read({ path, headers, body }) {
    const { 'x-ncp-apigw-timestamp': timestamp, 'x-ncp-apigw-signature-v2': signature } = headers;
    const expected = createHmac('sha256', 'ncp-secret')
      .update(`POST ${path}\n${String(timestamp)}\nncp-access`)
      .digest('base64');
    const skewMs = Math.abs(Number(timestamp) - Date.now());
    if (signature !== expected || !(skewMs < 300_000)) return this.unauthorised;
    const { type, contentType, messages } = JSON.parse(body);
    assert.equal(contentType, 'COMM');
    const list: { to: string; content: string; subject?: string }[] = messages;
    const longest = type === 'SMS' ? 90 : 2_000;
    const isWrong = list.some(
      ({ to, content }) => to.endsWith('00000000') || Buffer.byteLength(content, 'latin1') > longest,
    );
    if (list.length > 100 || isWrong) return { status: 400, body: { status: 400, errors: ['Bad Request'] } };
    return list.map(({ to, content }) => submitted(to, content));
  },
  replyTo: ([message]) => ({
    status: 202,
    body: { requestId: `sens-${message?.key}`, statusCode: '202', statusName: 'success' },
  }),
};

export const textStandIns = [twilio, vonage, solapi, nhnSms, sens] as const;
