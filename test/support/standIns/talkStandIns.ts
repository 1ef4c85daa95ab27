import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { keyIn, type StandIn, type Submitted } from './standIn.ts';
import { solapi } from './textStandIns.ts';

/** The tests give each AlimTalk one button. */
export const viewUrl = 'https://bills.example/b/token';

/** Shared by those that take AlimTalk; each would send an SMS itself if it were not switched off. */
const talk = {
  channel: 'ALIMTALK',
  goodTo: (index: number) => `0101234${String(index).padStart(4, '0')}`,
  badTo: '01000000000',
  takes: (messages: readonly Submitted[]) => messages.filter(({ isBad }) => !isBad),
} as const;

function submitted(to: string, content: string): Submitted {
  return { key: keyIn(content), to, isBad: to.endsWith('00000000') };
}

/** The same call as for SMS. */
const solapiTalk: StandIn = {
  ...solapi,
  channel: 'ALIMTALK',
  settings: { ...solapi.settings, SOLAPI_PF_ID: 'KA01PF', SOLAPI_TEMPLATE_ID: 'KA01TP' },
  read(request) {
    const { messages } = JSON.parse(request.body);
    for (const { type, kakaoOptions } of messages) {
      assert.equal(type, 'ATA');
      assert.deepEqual(kakaoOptions, {
        pfId: 'KA01PF',
        templateId: 'KA01TP',
        disableSms: true,
        buttons: [{ buttonType: 'WL', buttonName: '청구서 보기', linkMo: viewUrl, linkPc: viewUrl }],
      });
    }
    return solapi.read(request);
  },
};

const usedKeys = new Set<unknown>();

/** A result per recipient, by our grouping key; a key that comes again within ten minutes fails. */
const nhnTalk: StandIn = {
  ...talk,
  provider: 'nhn-alimtalk',
  urlSetting: 'NHN_ALIMTALK_URL',
  settings: {
    NHN_ALIMTALK_APP_KEY: 'app',
    NHN_ALIMTALK_SECRET_KEY: 'nhn-secret',
    NHN_ALIMTALK_SENDER_KEY: 'a'.repeat(40),
    NHN_ALIMTALK_TEMPLATE: 'BILL01',
  },
  tooMany: { status: 429 },
  unauthorised: {
    status: 200,
    body: { header: { isSuccessful: false, resultCode: -1001, resultMessage: 'Invalid secretKey.' } },
  },
  failed: {
    status: 200,
    body: { header: { isSuccessful: false, resultCode: -9999, resultMessage: 'System error.' } },
  },
  read({ headers, body }) {
    if (headers['x-secret-key'] !== 'nhn-secret') return this.unauthorised;
    const idempotencyKey = headers['x-nc-api-idempotency-key'];
    if (usedKeys.has(idempotencyKey)) {
      const resultMessage = "The same 'X-NC-API-IDEMPOTENCY-KEY' was used within the last 10 minute.";
      return { status: 200, body: { header: { isSuccessful: false, resultCode: -1005, resultMessage } } };
    }
    usedKeys.add(idempotencyKey);
    const { senderKey, templateCode, recipientList } = JSON.parse(body);
    assert.deepEqual([senderKey.length, templateCode], [40, 'BILL01']);
    assert.ok(recipientList.length <= 1_000);
    const list: {
      recipientNo: string;
      content: string;
      resendParameter: { isResend: boolean };
      buttons: unknown;
    }[] = recipientList;
    for (const { resendParameter, buttons } of list) {
      assert.equal(resendParameter.isResend, false);
      const button = { ordering: 1, type: 'WL', name: '청구서 보기', linkMo: viewUrl, linkPc: viewUrl };
      assert.deepEqual(buttons, [button]);
    }
    return list.map(({ recipientNo, content }) => submitted(recipientNo, content));
  },
  replyTo: (messages) => ({
    status: 200,
    body: {
      header: { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' },
      message: {
        requestId: 'nhn-request',
        sendResults: messages.map(({ key, to, isBad }, index) => ({
          recipientSeq: index + 1,
          recipientNo: to,
          recipientGroupingKey: key,
          resultCode: isBad ? 4 : 0,
          resultMessage: isBad ? 'recipientNo is invalid' : 'SUCCESS',
        })),
      },
    },
  }),
};

/** Each message has its own code in the answer, in the order of the request. */
const sensTalk: StandIn = {
  ...talk,
  provider: 'sens',
  urlSetting: 'SENS_URL',
  settings: {
    SENS_ACCESS_KEY: 'ncp-access',
    SENS_SECRET_KEY: 'ncp-secret',
    SENS_ALIMTALK_SERVICE_ID: 'ncp:kkobizmsg:kr:1:sens',
    SENS_CHANNEL_ID: '@company',
    SENS_TEMPLATE_CODE: 'BILL01',
  },
  tooMany: { status: 429, body: { error: { errorCode: '400', message: 'Quota Exceeded' } } },
  unauthorised: { status: 401, body: { error: { errorCode: '200', message: 'Authentication Failed' } } },
  failed: { status: 500, body: { error: { errorCode: '900', message: 'Unexpected Error' } } },
  read({ path, headers, body }) {
    const { 'x-ncp-apigw-timestamp': timestamp, 'x-ncp-apigw-signature-v2': signature } = headers;
    const expected = createHmac('sha256', 'ncp-secret')
      .update(`POST ${path}\n${String(timestamp)}\nncp-access`)
      .digest('base64');
    if (signature !== expected) return this.unauthorised;
    const { plusFriendId, templateCode, messages } = JSON.parse(body);
    assert.deepEqual([plusFriendId, templateCode], ['@company', 'BILL01']);
    const list: { to: string; content: string; useSmsFailover: boolean; buttons: unknown }[] = messages;
    assert.ok(list.length <= 100);
    for (const { useSmsFailover, buttons } of list) {
      assert.equal(useSmsFailover, false);
      const button = { type: 'WL', name: '청구서 보기', linkMobile: viewUrl, linkPc: viewUrl };
      assert.deepEqual(buttons, [button]);
    }
    return list.map(({ to, content }) => submitted(to, content));
  },
  replyTo: (messages) => ({
    status: 202,
    body: {
      requestId: 'sens-request',
      statusCode: '202',
      statusName: 'success',
      messages: messages.map(({ key, to, isBad }) => ({
        messageId: `sens-${key}`,
        to,
        requestStatusCode: isBad ? 'E104' : 'A000',
        requestStatusName: isBad ? 'fail' : 'success',
      })),
    },
  }),
};

export const talkStandIns = [solapiTalk, nhnTalk, sensTalk] as const;
