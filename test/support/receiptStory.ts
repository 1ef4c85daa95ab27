import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiApp } from '../../src/api/apiApp.ts';
import type { BillId, MemberId, SendStatus } from '../../src/bill.ts';
import type { Channel } from '../../src/channels.ts';
import type { Config } from '../../src/config/loadConfig.ts';
import type { Database } from '../../src/db/database.ts';
import { BillcastError } from '../../src/errors.ts';
import { cancel } from '../../src/operations/cancel.ts';
import { type ForgetFacts, forgetMember } from '../../src/operations/forgetMember.ts';
import { pollNow } from '../../src/operations/polling/pollNow.ts';
import type { ReceiptDeps } from '../../src/operations/receiveReceipts.ts';
import { resend } from '../../src/operations/resend.ts';
import { resolve } from '../../src/operations/resolve.ts';
import { keepableId } from '../../src/providers/http/providerId.ts';
import type { ReceiptKind } from '../../src/providers/inbound/receipt.ts';
import type { RecipientMarks } from '../../src/providers/mapped/recipientMark.ts';
import type { EncodedMessage, SendAnswer } from '../../src/providers/provider.ts';
import type { AnyPoll } from '../../src/providers/receiptPoll.ts';
import type { Random } from '../../src/sample/random.ts';
import { applyReceipts } from '../../src/sweeper/applyReceipts.ts';
import type { SweepDeps } from '../../src/sweeper/sweepDeps.ts';
import { recordOf } from './records.ts';
import { signedWebhook } from './signedWebhooks.ts';
import type { ListedMessage } from './standIns/listStandIns.ts';
import type { TestPipeline } from './testPipeline.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly address: string;
}

/** What the stories of a test share. */
export interface StoryWorld {
  readonly database: Database;
  readonly config: Config;
  readonly api: ApiApp;
  readonly pipeline: TestPipeline;
  readonly sweepDeps: SweepDeps;
  readonly receiving: ReceiptDeps & Parameters<typeof pollNow>[0];
  readonly poll: AnyPoll;
  /** What the list of that poll holds. */
  readonly listed: ListedMessage[];
  readonly marks: RecipientMarks;
  readonly ledgerFile: string;
}

/** One send, as its provider knows it. */
interface Sent {
  readonly key: string;
  readonly channel: Channel;
  readonly to: string;
  /** The provider's own id of the message; the journal may hold another form of it. */
  readonly id: string;
  readonly isListed: boolean;
  isAccepted: boolean;
}

interface Row {
  readonly billId: BillId;
  readonly status: SendStatus;
  readonly channel: Channel;
  readonly cycle: number;
}

const negative: readonly ReceiptKind[] = ['bounced_hard', 'bounced_soft', 'blocked'];
const positive: readonly ReceiptKind[] = ['delivered', 'relayed', 'complained'];

let lastId = 0;

/** One member, two bills, and whatever happens to them, in an order that a seed chooses. */
export class ReceiptStory {
  readonly #world: StoryWorld;
  readonly random: Random;
  readonly person: Person;
  readonly memberId: MemberId;
  readonly billIds: readonly [BillId, BillId];
  readonly sent = new Map<string, Sent>();
  /** What was said of each attempt. */
  readonly heard = new Map<string, Set<ReceiptKind>>();
  readonly steps: string[] = [];
  readonly #later: { readonly key: string; readonly word: SendAnswer; readonly answer: () => void }[] = [];
  readonly #held: { readonly key: string; readonly answer: () => void }[] = [];
  #handedOver: () => void = () => undefined;

  constructor(
    world: StoryWorld,
    {
      random,
      person,
      memberId,
      billIds,
    }: {
      readonly random: Random;
      readonly person: Person;
      readonly memberId: MemberId;
      readonly billIds: readonly [BillId, BillId];
    },
  ) {
    this.#world = world;
    this.random = random;
    this.person = person;
    this.memberId = memberId;
    this.billIds = billIds;
  }

  async step(): Promise<void> {
    const does = this.random.pickWeighted<{ readonly weight: number; run(): Promise<unknown> }>([
      { weight: 4, run: () => this.send() },
      { weight: 7, run: () => this.tell() },
      { weight: 4, run: () => this.sweep() },
      { weight: 2, run: () => this.#answerOne() },
      { weight: 1, run: () => this.answerLate() },
      { weight: 1, run: () => this.#resend() },
      { weight: 1, run: () => this.#leave() },
      { weight: 2, run: () => this.forget() },
    ]);
    await does.run();
  }

  /** The provider takes a message, and decides what it answers, and when. */
  carry({ to }: EncodedMessage, channel: Channel, key: string): Promise<SendAnswer> {
    const listed = channel === 'SMS' && this.random.chance(0.5);
    const isOfAddress = !listed && this.random.chance(0.3);
    const id = isOfAddress ? `m-${to}` : `m-${++lastId}-x`;
    const earlier = this.sent.get(key);
    assert.ok(!earlier?.isAccepted, `${key} is sent again although it was accepted`);
    const one: Sent = { key, channel, to, id, isListed: listed, isAccepted: this.random.chance(0.85) };
    this.sent.set(key, one);
    if (one.isAccepted) appendFileSync(this.#world.ledgerFile, `${JSON.stringify({ key })}\n`);
    const kept = listed ? `${id}.${this.#world.marks.mark(to)}` : keepableId(id, to);
    const answer: SendAnswer =
      one.isAccepted && this.random.chance(0.8)
        ? { kind: 'accepted', providerId: kept }
        : { kind: 'unknown', reason: 'HTTP_TIME_OUT', later: this.#laterWord(one, kept) };
    this.steps.push(`send ${key} as ${id}: ${one.isAccepted ? 'accepted' : 'lost'}, ${answer.kind}`);
    if (this.random.chance(0.6)) return Promise.resolve(answer);
    const { promise, resolve: answered } = Promise.withResolvers<SendAnswer>();
    this.#held.push({ key, answer: () => answered(answer) });
    this.#handedOver();
    return promise;
  }

  /** What the provider says on a connection that is still open. Nobody waits for it. */
  #laterWord({ key, isAccepted }: Sent, providerId: string | undefined): Promise<SendAnswer> {
    const { promise, resolve: answered } = Promise.withResolvers<SendAnswer>();
    const word: SendAnswer = isAccepted
      ? { kind: 'accepted', providerId }
      : { kind: 'refused', reason: 'HTTP_422' };
    this.#later.push({ key, word, answer: () => answered(word) });
    return promise;
  }

  /** All that is still to be said on open connections. */
  async answerLate(): Promise<void> {
    const isHeld = (key: string) => this.#held.some((one) => one.key === key);
    for (const { key, word, answer } of this.#later.splice(0).filter((one) => !isHeld(one.key))) {
      this.steps.push(`late answer ${key}: ${word.kind}`);
      answer();
      while (!(await this.#isJournalled(key, word.kind === 'refused' ? 'REFUSED' : 'ACCEPTED'))) await soon();
    }
  }

  async #isJournalled(key: string, outcome: string): Promise<boolean> {
    const [billId, channel, cycle] = key.split(':');
    const rows = await this.#world.database.query(
      {
        name: 'entry-of-story',
        text: `select 1 from delivery_attempt
               where bill_id = $1 and channel = $2 and cycle = $3 and outcome = $4`,
      },
      [billId, channel, cycle, outcome],
    );
    return rows.length > 0;
  }

  /** Sends what is due, until it is settled or its answer is held back. @returns how many */
  async send(): Promise<number> {
    const due = (await this.rows()).filter(({ status }) => status === 'PENDING');
    for (const { billId, channel } of due) {
      const record = recordOf(billId, { memberId: this.memberId });
      const isHeld = new Promise<void>((handedOver) => {
        this.#handedOver = handedOver;
      });
      this.#world.pipeline.receive(channel, [record]);
      await Promise.race([record.whenDone, isHeld]);
    }
    return due.length;
  }

  async #answerOne(): Promise<void> {
    const [one] = this.random.draw(this.#held, 1);
    if (one === undefined) return;
    this.#held.splice(this.#held.indexOf(one), 1);
    this.steps.push(`answer ${one.key}`);
    one.answer();
    await this.#until(one.key);
  }

  async #until(key: string): Promise<void> {
    const billId = key.split(':')[0];
    const isOpen = async () =>
      (await this.rows()).some((row) => row.billId === billId && row.status === 'SENT');
    while (await isOpen()) await soon();
  }

  async sweep(): Promise<void> {
    const { database, sweepDeps } = this.#world;
    await database.execute(
      `update bill_receipt set look_at = now() where verdict is null;
       update unmatched_receipt set look_at = now();
       delete from channel_hour`,
    );
    await applyReceipts(sweepDeps, { forMs: 10_000 });
  }

  async #resend(): Promise<void> {
    const { database, config } = this.#world;
    const selection = { billIds: this.random.draw(this.billIds, 1) };
    const { resent } = await resend(
      { database, config },
      { selection, actor: 'person ann', reason: 'asked', dryRun: false },
    );
    this.steps.push(`resend: ${resent}`);
  }

  /** The billing system deletes the member. */
  async #leave(): Promise<void> {
    this.steps.push('leave');
    await this.#world.database.execute(
      `delete from member where id = ${this.memberId}; delete from bill where member_id = ${this.memberId}`,
    );
  }

  async forget(): Promise<ForgetFacts | undefined> {
    const { database, config } = this.#world;
    try {
      const facts = await forgetMember({ database, config }, { member: this.memberId, dryRun: false });
      this.steps.push('forget');
      return facts;
    } catch (error) {
      assert.ok(error instanceof BillcastError && /may still be sent/.test(error.message), String(error));
      return undefined;
    }
  }

  /** A provider says what became of a message, with all that it knows of the member. */
  async tell(): Promise<void> {
    const billId = this.random.pick(this.billIds);
    const channel = this.random.pick(['EMAIL', 'EMAIL', 'SMS'] as const);
    const key = this.random.chance(0.1)
      ? `9${billId}:${channel}:1`
      : `${billId}:${channel}:${this.random.integer(1, 3)}`;
    const known = this.sent.get(key);
    const possible = known?.isAccepted ? [...negative, ...positive] : negative;
    const kind = this.random.pick(possible as [ReceiptKind, ...ReceiptKind[]]);
    const forms = formsOf(channel, known);
    const form = this.random.pick(forms as [Form, ...Form[]]);
    this.steps.push(`tell ${kind} of ${key} by ${form}`);
    const kinds = this.heard.get(key) ?? new Set();
    this.heard.set(key, kinds.add(form === 'sens' && kind !== 'delivered' ? 'bounced_soft' : kind));
    for (let times = this.random.integer(1, 2); times > 0; times--) {
      await this.#tellBy(form, { key, channel, kind, known });
    }
  }

  async #tellBy(form: Form, { key, channel, kind, known }: Telling): Promise<void> {
    const { name, email, phone, address } = this.person;
    const to = channel === 'EMAIL' ? email : phone;
    const whom = this.random.chance(0.7) ? { to } : {};
    const isNamed = channel === 'EMAIL' && (form === 'ses' || whom.to !== undefined);
    const text = this.random.pick([
      `550 5.1.1 <${email}> ${name} user unknown`,
      `${name} ${phone} ${address}`,
      phone.replaceAll('-', ''),
      isNamed ? localPartOf(email) : email,
    ]);
    switch (form) {
      case 'http':
        return this.#post('http', { receipts: [{ key, id: known?.id, kind, code: text, ...whom }] });
      case 'id':
        return this.#post('http', { receipts: [{ id: known?.id, kind, code: text, ...whom }] });
      case 'ses':
        return this.#post('ses', sesEvent({ key, id: known?.id, kind, email, text }));
      case 'twilio': {
        const isDelivered = positive.includes(kind);
        const form = new URLSearchParams({
          MessageSid: known?.id ?? 'SM1',
          MessageStatus: isDelivered ? 'delivered' : 'undelivered',
          ErrorCode: this.random.pick(['30005', '30003', text]),
          To: `+82${phone.replaceAll('-', '').slice(1)}`,
        });
        return this.#post('twilio', String(form), `/inbound/twilio?key=${key}`);
      }
      case 'sens': {
        const { listed, poll, receiving } = this.#world;
        const at = new Date(Date.now() - 3_600_000);
        const became = kind === 'delivered' ? 'delivered' : 'failed';
        listed.push({ key, id: known?.id ?? '', to: phone.replaceAll('-', ''), at, became });
        await this.#world.database.execute('delete from receipt_poll');
        await pollNow(receiving, [poll], { forMs: 10_000 });
        return;
      }
      default:
        return form satisfies never;
    }
  }

  async #post(name: 'http' | 'ses' | 'twilio', content: object | string, path = `/inbound/${name}`) {
    const { headers, body } = signedWebhook(name, content, { url: `https://billcast.example${path}` });
    const answer = await this.#world.api.inject({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/json', ...headers },
      payload: body,
    });
    assert.equal(answer.statusCode, 200, answer.body);
  }

  /** Brings everything to its end, so that the member can be forgotten. */
  async end(): Promise<void> {
    for (let round = 0; round < 30; round++) {
      for (let open = this.#held.length; open > 0; open--) await this.#answerOne();
      await this.sweep();
      const sent = await this.send();
      if (sent === 0 && this.#held.length === 0) await this.#decide();
      if (sent === 0 && this.#held.length === 0 && (await this.#isAtRest())) return;
    }
    assert.fail(`it does not end: ${JSON.stringify(await this.rows())}`);
  }

  /** People settle what is in doubt as the provider's ledger says, and give up what failed. */
  async #decide(): Promise<void> {
    const { database, config } = this.#world;
    const person = { actor: 'person ann', reason: 'their ledger', dryRun: false };
    for (const { billId, status, channel, cycle } of await this.rows()) {
      const selection = { billIds: [billId] };
      if (status === 'IN_DOUBT') {
        const isThere = this.sent.get(`${billId}:${channel}:${cycle}`)?.isAccepted === true;
        const verdict = isThere ? 'delivered' : 'failed';
        await resolve({ database, config }, { selection, verdict, ...person });
      }
      if (status === 'FAILED') await cancel({ database }, { selection, ...person });
    }
    await database.execute(
      `update bill_notification set publish_status = 'PUBLISHED', published_at = now()
       where member_id = ${this.memberId} and send_status = 'FAILED'`,
    );
  }

  async #isAtRest(): Promise<boolean> {
    return (await this.rows()).every(({ status }) => status === 'DELIVERED' || status === 'CANCELLED');
  }

  async rows(): Promise<Row[]> {
    const rows = await this.#world.database.query<[BillId, SendStatus, Channel, number]>(
      {
        name: 'rows-of-story',
        text: `select bill_id::text, send_status, channel, cycle from bill_notification
               where member_id = $1 order by bill_id`,
      },
      [this.memberId],
    );
    return rows.map(([billId, status, channel, cycle]) => ({ billId, status, channel, cycle }));
  }
}

function soon(): Promise<void> {
  return sleep(2);
}

export function localPartOf(email: string): string {
  return email.split('@')[0] ?? '';
}

type Form = 'http' | 'id' | 'ses' | 'twilio' | 'sens';

interface Telling {
  readonly key: string;
  readonly channel: Channel;
  readonly kind: ReceiptKind;
  readonly known: Sent | undefined;
}

function formsOf(channel: Channel, known: Sent | undefined): Form[] {
  if (known?.isListed) return ['sens'];
  const byKey: Form[] = channel === 'EMAIL' ? ['http', 'ses'] : ['http', 'twilio'];
  return known?.isAccepted ? ['id', ...byKey] : byKey;
}

function sesEvent({
  key,
  id = 'none',
  kind,
  email,
  text,
}: {
  readonly key: string;
  readonly id: string | undefined;
  readonly kind: ReceiptKind;
  readonly email: string;
  readonly text: string;
}) {
  const bounce = {
    bounceType: kind === 'bounced_soft' ? 'Transient' : 'Permanent',
    bounceSubType: text,
    bouncedRecipients: [
      {
        emailAddress: email,
        status: kind === 'blocked' ? '5.7.1' : '5.1.1',
        diagnosticCode: `smtp; ${text}`,
      },
    ],
  };
  const eventType = kind === 'complained' ? 'Complaint' : negative.includes(kind) ? 'Bounce' : 'Delivery';
  const event = {
    eventType,
    mail: {
      messageId: id,
      destination: [email],
      tags: { billcast_key: [key.replaceAll(':', '_')] },
    },
    ...(eventType === 'Bounce' ? { bounce } : {}),
  };
  return { Type: 'Notification', Message: JSON.stringify(event) };
}
