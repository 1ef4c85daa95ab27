import { createServer, type IncomingHttpHeaders } from 'node:http';
import { listen } from '../httpServer.ts';
import type { Reply } from './standIn.ts';

/** A message in a provider's list. */
export interface ListedMessage {
  readonly key: string;
  readonly id: string;
  readonly to: string;
  readonly at: Date;
  readonly became: 'delivered' | 'failed' | 'open';
}

/** How one provider lists what became of messages, written from its public documents. */
export interface ListStandIn {
  readonly provider: string;
  readonly channel: 'EMAIL' | 'SMS' | 'ALIMTALK';
  readonly urlSetting: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Items of a page. */
  readonly size: number;
  list(url: URL, messages: readonly ListedMessage[]): Reply;
}

export interface RunningList {
  readonly url: string;
  readonly asked: readonly URL[];
  readonly headers: readonly IncomingHttpHeaders[];
  /** The next request gets this. */
  answerOnce(reply: Reply): void;
}

export async function runListStandIn(
  standIn: ListStandIn,
  messages: readonly ListedMessage[],
): Promise<RunningList> {
  const asked: URL[] = [];
  const headers: IncomingHttpHeaders[] = [];
  let planned: Reply | undefined;
  const { port } = await listen(
    createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://x');
      asked.push(url);
      headers.push(request.headers);
      const { status, body, headers: own = {} } = planned ?? standIn.list(url, messages);
      planned = undefined;
      response.writeHead(status, { 'content-type': 'application/json', ...own });
      response.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
    }),
  );
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    headers,
    answerOnce: (reply) => {
      planned = reply;
    },
  };
}

function korean(at: Date): string {
  return new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
function fromKorean(text = ''): number {
  return Date.parse(`${text.replace(' ', 'T')}${text.length === 16 ? ':00' : ''}+09:00`);
}

function within(messages: readonly ListedMessage[], from: number, until: number): readonly ListedMessage[] {
  return messages.filter(({ at }) => at.getTime() >= from && at.getTime() <= until);
}

/** An object by message id, and the key of the next page. */
const solapi: ListStandIn = {
  provider: 'solapi',
  channel: 'ALIMTALK',
  urlSetting: 'SOLAPI_URL',
  settings: {
    SOLAPI_API_KEY: 'NCS1',
    SOLAPI_API_SECRET: 'so-secret',
    SOLAPI_FROM: '0212345678',
    SOLAPI_PF_ID: 'KA01PF',
    SOLAPI_TEMPLATE_ID: 'KA01TP',
  },
  size: 500,
  list({ pathname, searchParams }, messages) {
    const isList = pathname === '/messages/v4/list' && searchParams.get('dateType') === 'UPDATED';
    if (!isList) return { status: 400 };
    const limit = Number(searchParams.get('limit'));
    const from = Date.parse(searchParams.get('startDate') ?? '');
    const all = within(messages, from, Date.parse(searchParams.get('endDate') ?? ''));
    const start = Math.max(
      0,
      all.findIndex(({ id }) => id === searchParams.get('startKey')),
    );
    const statusCode = { delivered: '4000', failed: '3104', open: '3000' };
    const messageList = Object.fromEntries(
      all.slice(start, start + limit).map(({ key, id, to, at, became }) => [
        id,
        {
          messageId: id,
          to,
          dateUpdated: at.toISOString(),
          statusCode: statusCode[became],
          customFields: { key },
        },
      ]),
    );
    return {
      status: 200,
      body: { startKey: null, nextKey: all[start + limit]?.id ?? null, limit, messageList },
    };
  },
};

/** It knows the request and the number only, and answers 404 if there is nothing. */
const sens: ListStandIn = {
  provider: 'sens',
  channel: 'SMS',
  urlSetting: 'SENS_URL',
  settings: {
    SENS_ACCESS_KEY: 'ncp-access',
    SENS_SECRET_KEY: 'ncp-secret',
    SENS_SMS_SERVICE_ID: 'ncp:sms:kr:1:sens',
    SENS_FROM: '0212345678',
  },
  size: 100,
  list({ searchParams }, messages) {
    const size = Number(searchParams.get('pageSize'));
    const start = Number(searchParams.get('nextToken') ?? 0);
    const from = fromKorean(searchParams.get('completeStartTime') ?? '');
    const all = within(messages, from, fromKorean(searchParams.get('completeEndTime') ?? ''));
    if (all.length === 0) return { status: 404 };
    const hasMore = start + size < all.length;
    return {
      status: 200,
      body: {
        statusCode: '202',
        hasMore,
        nextToken: hasMore ? String(start + size) : '0',
        messages: all.slice(start, start + size).map(({ id, to, at, became }) => ({
          requestId: id,
          messageId: `m-${id}`,
          to,
          completeTime: korean(at),
          status: became === 'open' ? 'PROCESSING' : 'COMPLETED',
          statusName: became === 'delivered' ? 'success' : 'fail',
          statusCode: became === 'delivered' ? '0' : '3001',
        })),
      },
    };
  },
};

/** Pages are counted; it may give smaller ones than it was asked for. */
const nhnSms: ListStandIn = {
  provider: 'nhn-sms',
  channel: 'SMS',
  urlSetting: 'NHN_SMS_URL',
  settings: { NHN_SMS_APP_KEY: 'app', NHN_SMS_SECRET_KEY: 'nhn-secret', NHN_SMS_FROM: '15446859' },
  size: 300,
  list({ searchParams }, messages) {
    const size = Math.min(Number(searchParams.get('pageSize')), this.size);
    const page = Number(searchParams.get('pageNum'));
    const from = fromKorean(searchParams.get('startUpdateDate') ?? '');
    const all = within(messages, from, fromKorean(searchParams.get('endUpdateDate') ?? ''));
    const data = all.slice((page - 1) * size, page * size).map(({ key, id, at, became }) => ({
      requestId: id,
      recipientSeq: 1,
      resultCode: { delivered: '1000', failed: '2003', open: null }[became],
      resultDate: `${korean(at)}.0`,
      recipientGroupingKey: key,
    }));
    const header = { isSuccessful: true, resultCode: 0, resultMessage: 'success' };
    return { status: 200, body: { header, body: { pageNum: page, totalCount: all.length, data } } };
  },
};

/** Times are in minutes. A message is named by its request and its number in it. */
const nhnTalk: ListStandIn = {
  provider: 'nhn-alimtalk',
  channel: 'ALIMTALK',
  urlSetting: 'NHN_ALIMTALK_URL',
  settings: {
    NHN_ALIMTALK_APP_KEY: 'app',
    NHN_ALIMTALK_SECRET_KEY: 'nhn-secret',
    NHN_ALIMTALK_SENDER_KEY: 'a'.repeat(40),
    NHN_ALIMTALK_TEMPLATE: 'BILL01',
  },
  size: 1_000,
  list({ searchParams }, messages) {
    const size = Number(searchParams.get('pageSize'));
    const page = Number(searchParams.get('pageNum'));
    const from = fromKorean(searchParams.get('startUpdateDate') ?? '');
    const all = within(messages, from, fromKorean(searchParams.get('endUpdateDate') ?? ''));
    const listed = all.slice((page - 1) * size, page * size).map(({ id, at, became }) => ({
      requestId: id,
      recipientSeq: 7,
      receiveDate: korean(at),
      messageStatus: { delivered: 'COMPLETED', failed: 'FAILED', open: 'READY' }[became],
      resultCode: became === 'failed' ? '2001' : '1000',
    }));
    return { status: 200, body: { header: { isSuccessful: true, resultCode: 0 }, messages: listed } };
  },
};

/** Our key is the grouping key of the sender. */
const nhnEmail: ListStandIn = {
  provider: 'nhn-email',
  channel: 'EMAIL',
  urlSetting: 'NHN_EMAIL_URL',
  settings: {
    NHN_EMAIL_APP_KEY: 'app',
    NHN_EMAIL_SECRET_KEY: 'nhn-secret',
    NHN_EMAIL_FROM: 'bills@example.com',
  },
  size: 100,
  list({ pathname, searchParams }, messages) {
    if (pathname !== '/email/v2.1/appKeys/app/sender/update-mails') return { status: 404 };
    const size = Number(searchParams.get('pageSize'));
    const page = Number(searchParams.get('pageNum'));
    const from = fromKorean(searchParams.get('startMailStatusUpdateDate') ?? '');
    const all = within(messages, from, fromKorean(searchParams.get('endMailStatusUpdateDate') ?? ''));
    const data = all.slice((page - 1) * size, page * size).map(({ key, id, at, became }) => ({
      requestId: id,
      mailSeq: 0,
      mailStatusCode: { delivered: 'SST2', failed: 'SST3', open: 'SST1' }[became],
      mailStatusUpdatedDate: korean(at),
      dsnCode: { delivered: '2.5.0', failed: '5.1.1', open: null }[became],
      dsnMessage: `DSN of ${id}`,
      senderGroupingKey: key,
    }));
    const header = { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' };
    return { status: 200, body: { header, body: { pageNum: page, totalCount: all.length, data } } };
  },
};

export const listStandIns = [solapi, sens, nhnSms, nhnTalk, nhnEmail] as const;
