import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { it } from 'node:test';
import type { BillId } from '../../src/bill.ts';
import { previewBill } from '../../src/operations/preview.ts';
import { ask } from '../support/ask.ts';
import { bytesOf, listen } from '../support/httpServer.ts';
import { openPdf } from '../support/openPdf.ts';
import { compileOurTemplates } from '../support/ourTemplates.ts';
import { mailgun } from '../support/standIns/mailgunStandIn.ts';
import { nhnEmail } from '../support/standIns/mailStandIns.ts';
import { resend } from '../support/standIns/resendStandIn.ts';
import { createTestSystem, isFinished, type TestSystem } from '../support/testSystem.ts';

const bills = 45;

/** A slow machine leaves no bill in doubt. */
const patient = {
  START_DEADLINE_MS: '20000',
  SEND_TIMEOUT_MS: '30000',
  LOOKUP_HORIZON_MS: '120000',
  CLAIM_TTL_MS: '60000',
};

/** An e-mail as a provider took it: of a request with files, or of one without. */
interface Taken {
  readonly to: string;
  readonly file: Buffer | undefined;
}

interface Taking {
  readonly standIn: typeof resend;
  read(request: IncomingMessage): Promise<readonly Taken[]>;
  replyTo(taken: readonly Taken[], request: IncomingMessage): unknown;
}

interface ResendMail {
  readonly to: readonly string[];
  readonly attachments?: readonly { readonly content: string }[];
}

/** A list drops the files of its e-mails. */
const byResend: Taking = {
  standIn: resend,
  async read(request) {
    const body = JSON.parse(String(await bytesOf(request)));
    const mails: readonly ResendMail[] = isList(request) ? body : [body];
    return mails.map(({ to, attachments: [file] = [] }) => ({
      to: to[0] ?? '',
      file: isList(request) || file === undefined ? undefined : Buffer.from(file.content, 'base64'),
    }));
  },
  replyTo(taken, request) {
    const ids = taken.map(({ to }) => ({ id: `re-${to}` }));
    return isList(request) ? { data: ids } : ids[0];
  },
};

function isList({ url }: IncomingMessage): boolean {
  return url === '/emails/batch';
}

const byMailgun: Taking = {
  standIn: mailgun,
  async read(request) {
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Response(await bytesOf(request), { headers }).formData();
    const file = form.get('attachment');
    const content = file instanceof File ? Buffer.from(await file.arrayBuffer()) : undefined;
    return [{ to: String(form.get('to')), file: content }];
  },
  replyTo: ([mail]) => ({ id: `<${mail?.to.length}@mg.example.com>`, message: 'Queued. Thank you.' }),
};

/** Files come before their mails, and have numbers. */
const uploads: Buffer[] = [];
const byNhn: Taking = {
  standIn: nhnEmail,
  async read(request) {
    const {
      fileBody,
      receiverList = [],
      attachFileIdList: [id] = [],
    } = JSON.parse(String(await bytesOf(request)));
    if (fileBody !== undefined) uploads.push(Buffer.from(fileBody, 'base64'));
    const file = id === undefined ? undefined : uploads[id - 1];
    return receiverList.map((receiver: { receiveMailAddr: string }) => ({
      to: receiver.receiveMailAddr,
      file,
    }));
  },
  replyTo([mail]) {
    const sent = { requestId: `nhn-${mail?.to.length}`, results: [{ resultCode: 0 }] };
    const data = mail === undefined ? { fileId: uploads.length } : sent;
    return { header: { isSuccessful: true, resultCode: 0 }, body: { data } };
  },
};

async function startTaking({ read, replyTo }: Taking) {
  const taken: Taken[] = [];
  const { port } = await listen(
    createServer((request, response) => {
      if (request.method === 'GET') {
        response.writeHead(404).end();
        return;
      }
      void read(request).then((mails) => {
        taken.push(...mails);
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(replyTo(mails, request)));
      });
    }),
  );
  return { url: `http://127.0.0.1:${port}`, taken };
}

interface Expected {
  /** As everybody can open it. */
  readonly plain: Buffer;
  /** The digits of the phone number; undefined: the member has none. */
  readonly phone: string | undefined;
}

/** What each e-mail should have with it, by its address. */
async function expectedFiles({ config, database }: TestSystem): Promise<Map<string, Expected>> {
  const templates = await compileOurTemplates();
  const open = { ...config, billModel: { ...config.billModel, pdf: { password: 'none' as const } } };
  const rows = await ask<[BillId]>(database, 'select bill_id from bill_notification');
  const expected = new Map<string, Expected>();
  for (const [billId] of rows) {
    const { messages } = await previewBill({ config: open, database, templates }, { billId });
    const { EMAIL: mail, SMS: sms } = messages;
    const plain = mail.kind === 'email' ? mail.attachments?.[0]?.content : undefined;
    if (mail.kind !== 'email' || plain === undefined) continue;
    const phone = sms.kind === 'unpreparable' ? undefined : sms.to.replace('+82', '0').replaceAll(/\D/g, '');
    expected.set(mail.to, { plain, phone });
  }
  return expected;
}

it('ATTACH_PDF brings each member their bill, behind their password, by whichever provider', async () => {
  const ways = [byResend, byMailgun, byNhn];
  const starting = ways.map(async (way) => ({ ...way.standIn, ...(await startTaking(way)) }));
  const providers = await Promise.all(starting);
  const settings = providers.map(({ settings, urlSetting, url }) => ({ ...settings, [urlSetting]: url }));
  const system = await createTestSystem({
    ...Object.assign({}, ...settings),
    PROVIDER_EMAIL: providers.map(({ provider }) => `${provider}:1`).join(','),
    CHANNELS: 'EMAIL',
    ATTACH_PDF: 'true',
    PDF_PASSWORD: 'phone',
    BATCH_SIZE: '5',
    ...patient,
  });
  try {
    await system.publish(bills);
    await system.startDispatcher();
    await system.until('all are finished', isFinished, 200_000);
    const expected = await expectedFiles(system);
    const taken = providers.flatMap((one) => one.taken);
    assert.deepEqual(new Set(taken.map(({ to }) => to)), new Set(expected.keys()));
    for (const one of providers) {
      assert.ok(one.taken.filter(({ file }) => file !== undefined).length > bills / 10, one.provider);
    }
    for (const { to, file } of taken) {
      const { plain, phone } = expected.get(to) ?? assert.fail(to);
      // Without a phone number there is no password, and so no file.
      if (phone === undefined) assert.equal(file, undefined, to);
      else assert.deepEqual(openPdf(file ?? assert.fail(to), phone), openPdf(plain), to);
    }
  } finally {
    await system.destroy();
  }
});
