import assert from 'node:assert/strict';
import { mailgun } from './mailgunStandIn.ts';
import { base64File, bearer, mail, submitted } from './mailParts.ts';
import { resend } from './resendStandIn.ts';
import { keyIn, type Received, type Reply, type StandIn, type SubmittedFile } from './standIn.ts';

interface PostmarkMail {
  readonly To: string;
  readonly TextBody: string;
  readonly Metadata: { readonly billcast_key: string };
  readonly Attachments?: readonly {
    readonly Name: string;
    readonly ContentType: string;
    readonly Content: string;
  }[];
}

/** Lists at once hold many; a mail to a bad address fails alone, with 200. */
export const postmark: StandIn = {
  ...mail,
  provider: 'postmark',
  urlSetting: 'POSTMARK_URL',
  settings: { POSTMARK_TOKEN: 'pm-token', POSTMARK_FROM: 'bills@example.com' },
  tooMany: { status: 429, body: { ErrorCode: 429, Message: 'Rate limit exceeded' } },
  unauthorised: { status: 401, body: { ErrorCode: 10, Message: 'Bad or missing Server API token.' } },
  failed: { status: 500, body: { ErrorCode: 0, Message: 'Internal Server Error' } },
  read(request) {
    if (request.headers['x-postmark-server-token'] !== 'pm-token') return this.unauthorised;
    const list: PostmarkMail[] = JSON.parse(request.body);
    if (list.length > 500) {
      return { status: 422, body: { ErrorCode: 410, Message: 'Too many batch messages' } };
    }
    for (const { Metadata, TextBody } of list) assert.equal(Metadata.billcast_key, keyIn(TextBody));
    return list.map(({ To, TextBody, Attachments = [] }) => {
      const files = Attachments.map(({ Name, ContentType, Content }) =>
        base64File(Name, ContentType, Content),
      );
      return submitted(To, TextBody, files);
    });
  },
  replyTo: (messages) => ({
    status: 200,
    body: messages.map(({ to, key, isBad }) =>
      isBad
        ? {
            ErrorCode: 406,
            Message: `You tried to send to a recipient that has been marked as inactive: ${to}.`,
          }
        : {
            ErrorCode: 0,
            Message: 'OK',
            MessageID: `pm-${key}`,
            To: to,
            SubmittedAt: '2026-11-28T10:00:00Z',
          },
    ),
  }),
  find({ path }, isAccepted) {
    const key = new URL(path, 'http://x').searchParams.get('metadata_billcast_key') ?? '';
    const Messages = isAccepted(key) ? [{ MessageID: `pm-${key}`, Metadata: { billcast_key: key } }] : [];
    return { status: 200, body: { TotalCount: Messages.length, Messages } };
  },
};

const sendgrid: StandIn = {
  ...mail,
  provider: 'sendgrid',
  urlSetting: 'SENDGRID_URL',
  settings: { SENDGRID_API_KEY: 'SG.1', SENDGRID_FROM: 'bills@example.com' },
  tooMany: { status: 429, body: { errors: [{ field: null, message: 'too many requests' }] } },
  unauthorised: {
    status: 401,
    body: { errors: [{ field: null, message: 'The provided authorization grant is invalid' }] },
  },
  failed: { status: 500, body: { errors: [{ message: 'internal error' }] } },
  read(request) {
    const refused = bearer(request, 'SG.1', this.unauthorised);
    if (refused !== undefined) return refused;
    const { personalizations, content, attachments = [] } = JSON.parse(request.body);
    const { to, custom_args: args } = personalizations[0];
    const files: SubmittedFile[] = attachments.map(
      (file: { filename: string; type: string; content: string }) =>
        base64File(file.filename, file.type, file.content),
    );
    const message = submitted(to[0].email, content[0].value, files);
    assert.equal(args.billcast_key, message.key);
    if (!message.isBad) return [message];
    return {
      status: 400,
      body: {
        errors: [{ field: 'personalizations.0.to.0.email', message: 'Does not contain a valid address.' }],
      },
    };
  },
  replyTo: ([message]) => ({ status: 202, headers: { 'x-message-id': `sg-${message?.key}` } }),
};

/** No look-up, and a throttling error with 429 and without Retry-After. */
export const ses: StandIn = {
  ...mail,
  provider: 'ses',
  urlSetting: 'SES_URL',
  settings: {
    SES_REGION: 'ap-northeast-2',
    SES_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    SES_SECRET_ACCESS_KEY: 'secret',
    SES_FROM: 'bills@example.com',
  },
  tooMany: {
    status: 429,
    headers: { 'x-amzn-errortype': 'TooManyRequestsException:http://internal.amazon.com/' },
    body: { message: 'Maximum sending rate exceeded.' },
  },
  unauthorised: {
    status: 403,
    headers: { 'x-amzn-errortype': 'SignatureDoesNotMatchException' },
    body: { message: 'The request signature we calculated does not match the signature you provided.' },
  },
  failed: { status: 500, headers: { 'x-amzn-errortype': 'InternalFailure' }, body: { message: 'Internal' } },
  read(request) {
    const { authorization = '', 'x-amz-date': date } = request.headers;
    const signed = /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/ap-northeast-2\/ses\/aws4_request, /;
    if (!signed.test(authorization) || date === undefined) return this.unauthorised;
    const { Destination, Content, EmailTags, ConfigurationSetName } = JSON.parse(request.body);
    assert.equal(ConfigurationSetName, undefined, 'an empty setting leaves its field out');
    for (const { Value } of EmailTags) assert.match(Value, /^[\w.@-]{1,256}$/, 'no colon');
    const { Body, Attachments = [] } = Content.Simple;
    const files: SubmittedFile[] = Attachments.map(
      (file: { FileName: string; ContentType: string; RawContent: string }) =>
        base64File(file.FileName, file.ContentType, file.RawContent),
    );
    const message = submitted(Destination.ToAddresses[0], Body.Text.Data, files);
    if (!message.isBad) return [message];
    return {
      status: 400,
      headers: { 'x-amzn-errortype': 'BadRequestException:http://internal.amazon.com/' },
      body: { message: "Missing final '@domain'" },
    };
  },
  replyTo: ([message]) => ({ status: 200, body: { MessageId: `ses-${message?.key}` } }),
};

/** Files that were uploaded, by their ids, in all tests of a process. */
const nhnFiles = new Map<number, SubmittedFile>();

function nhnUpload({ body }: Received): Reply {
  const { fileName, fileBody } = JSON.parse(body);
  const type = fileName.endsWith('.pdf') ? 'application/pdf' : 'text/plain';
  const fileId = nhnFiles.size + 1;
  nhnFiles.set(fileId, base64File(fileName, type, fileBody));
  const header = { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' };
  return { status: 200, body: { header, body: { data: { fileId, fileName } } } };
}

/**
 * It answers 200 to nearly everything; its header says whether it worked. It takes a file by a request of its
 * own, before the mail that names it.
 */
export const nhnEmail: StandIn = {
  ...mail,
  provider: 'nhn-email',
  urlSetting: 'NHN_EMAIL_URL',
  settings: {
    NHN_EMAIL_APP_KEY: 'app',
    NHN_EMAIL_SECRET_KEY: 'nhn-secret',
    NHN_EMAIL_FROM: 'bills@example.com',
  },
  tooMany: { status: 429 },
  unauthorised: {
    status: 200,
    body: { header: { isSuccessful: false, resultCode: -1004, resultMessage: 'Invalid secretKey.' } },
  },
  failed: {
    status: 200,
    body: { header: { isSuccessful: false, resultCode: -9999, resultMessage: 'System error.' } },
  },
  read(request) {
    if (request.headers['x-secret-key'] !== 'nhn-secret') return this.unauthorised;
    if (request.path === '/email/v2.1/appKeys/app/attachfile/binaryUpload') return nhnUpload(request);
    const { body, receiverList, senderGroupingKey, attachFileIdList = [] } = JSON.parse(request.body);
    const files = attachFileIdList.map((id: number) => nhnFiles.get(id) ?? assert.fail(`no file ${id}`));
    const message = submitted(receiverList[0].receiveMailAddr, body, files);
    assert.equal(senderGroupingKey, message.key);
    if (!message.isBad) return [message];
    const header = {
      isSuccessful: false,
      resultCode: -2011,
      resultMessage: 'Receiver Email Format is wrong.',
    };
    return { status: 200, body: { header } };
  },
  replyTo: ([message]) => ({
    status: 200,
    body: {
      header: { isSuccessful: true, resultCode: 0, resultMessage: 'success' },
      body: {
        data: {
          requestId: `nhn-${message?.key}`,
          results: [{ receiveMailAddr: message?.to, resultCode: 0, resultMessage: 'success' }],
        },
      },
    },
  }),
  find({ path }, isAccepted) {
    const { pathname, searchParams } = new URL(path, 'http://x');
    if (pathname !== '/email/v2.1/appKeys/app/sender/mails') return { status: 404 };
    assert.match(searchParams.get('startSendDate') ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const key = searchParams.get('senderGroupingKey') ?? '';
    const data = isAccepted(key) ? [{ requestId: `nhn-${key}`, mailSeq: 0, senderGroupingKey: key }] : [];
    return { status: 200, body: { header: { isSuccessful: true, resultCode: 0 }, body: { data } } };
  },
};

export const mailStandIns = [postmark, resend, sendgrid, mailgun, ses, nhnEmail] as const;
