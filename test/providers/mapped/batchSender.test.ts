import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answered, HttpOutcome, HttpRequest } from '../../../src/providers/http/exchange.ts';
import { createBatchSender } from '../../../src/providers/mapped/batchSender.ts';
import { type BatchMapping, mappingSchema } from '../../../src/providers/mapped/mappingSchema.ts';
import { namedAnswers } from '../../../src/providers/mapped/resolveMapping.ts';
import { claimOf } from '../../support/claims.ts';
import { billIdOf } from '../../support/notifications.ts';

const rules = [
  { status: 200, body: { '/list': { present: true } }, means: 'perItem' },
  { status: 422, body: { '/error': { present: true } }, means: 'refused' },
  { status: 400, means: 'settingsOrBill' },
  { status: 401, means: 'settings' },
];
const ofItem = {
  rules: [
    { body: { '/ok': true }, means: 'accepted', id: '/id' },
    { body: { '/ok': false }, means: 'refused' },
  ],
};

function mappingOf(items: object) {
  return mappingSchema.parse({
    title: 'Acme',
    documents: ['https://acme.example'],
    settings: {},
    origin: 'https://acme.example',
    send: {
      sms: {
        path: '/send',
        body: { key: '{{key}}' },
        batch: { most: 4, waitMs: 0, body: { list: '{{items}}' }, items },
        answers: { rules },
      },
    },
  });
}

const byKey = { by: 'key', at: ['/list'], key: '/key', answers: ofItem };
const byPosition = { by: 'position', at: '/list', answers: ofItem };

type Reply = (keys: readonly string[], request: HttpRequest) => HttpOutcome;

function answered(status: number, json: unknown): Answered {
  return { kind: 'answered', status, retryAfter: '', date: '', body: JSON.stringify(json) };
}

/** A sender whose requests the test answers. */
function open(reply: Reply, items: object = byKey) {
  const mapping = mappingOf(items);
  const { sms } = mapping.send;
  assert.ok(sms?.batch !== undefined);
  const requests: (readonly string[])[] = [];
  const exchange = async (request: HttpRequest): Promise<HttpOutcome> => {
    const { list }: { list: { key: string }[] } = JSON.parse(Buffer.from(request.body ?? []).toString());
    const keys = list.map(({ key }) => key);
    const outcome = reply(keys, request);
    if (outcome.kind !== 'notStarted') requests.push(keys);
    return outcome;
  };
  const sender = createBatchSender(
    {
      send: sms,
      pool: { exchange, prepare: () => undefined, destroy: async () => undefined },
      sign: async () => ({}),
      ids: { keep: (id) => id },
      origin: mapping.origin,
      sendTimeoutMs: 1_000,
      answersOf: (value) => namedAnswers(mapping, value),
    },
    sms.batch satisfies BatchMapping,
  );
  const send = (id: number, isLate: () => boolean = () => false) => {
    const claim = claimOf({ billId: billIdOf(id), channel: 'SMS' });
    const idempotencyKey = `${id}:SMS:1`;
    const startDeadline = { unixMs: 0, passed: isLate };
    const body = Buffer.from(JSON.stringify({ key: idempotencyKey }));
    return sender.send({ to: `to ${id}`, body, attempt: { claim, idempotencyKey, startDeadline } });
  };
  return { send, requests };
}

function kindsOf(answers: readonly { readonly kind: string }[]): string[] {
  return answers.map(({ kind }) => kind);
}

describe('a batch', () => {
  it('answers each message by its own item, in whatever order they come', async () => {
    const { send, requests } = open((keys) =>
      answered(200, {
        list: keys.toReversed().map((key) => ({ key, ok: key !== '2:SMS:1', id: `id ${key}` })),
      }),
    );
    const answers = await Promise.all([1, 2, 3].map((id) => send(id)));
    assert.deepEqual(kindsOf(answers), ['accepted', 'refused', 'accepted']);
    assert.deepEqual(answers[2], { kind: 'accepted', providerId: 'id 3:SMS:1' });
    assert.deepEqual(requests, [['1:SMS:1', '2:SMS:1', '3:SMS:1']]);
  });

  it('leaves unknown what an answer does not name, names twice, or says nothing of', async () => {
    const { send } = open(() =>
      answered(200, {
        list: [{ key: '1:SMS:1', ok: true }, { key: '1:SMS:1', ok: true }, { key: '2:SMS:1' }],
      }),
    );
    const answers = await Promise.all([1, 2, 3].map((id) => send(id)));
    assert.deepEqual(kindsOf(answers), ['unknown', 'unknown', 'unknown']);
  });

  it('believes no list of another length', async () => {
    const { send } = open(
      (keys) => answered(200, { list: keys.slice(1).map(() => ({ ok: true })) }),
      byPosition,
    );
    assert.deepEqual(kindsOf(await Promise.all([1, 2].map((id) => send(id)))), ['unknown', 'unknown']);
  });

  it('makes each of its messages unknown if its outcome is', async () => {
    const { send } = open(() => ({ kind: 'broken', because: 'TIME_OUT' }));
    assert.deepEqual(kindsOf(await Promise.all([1, 2].map((id) => send(id)))), ['unknown', 'unknown']);
  });

  it('is divided until it is known which message is refused', async () => {
    for (const status of [422, 400]) {
      const { send, requests } = open((keys) =>
        keys.includes('3:SMS:1')
          ? answered(status, { error: 'one of them' })
          : answered(200, { list: keys.map((key) => ({ key, ok: true })) }),
      );
      const answers = await Promise.all([1, 2, 3, 4].map((id) => send(id)));
      const blamed = status === 422 ? 'refused' : 'misconfigured';
      assert.deepEqual(kindsOf(answers), ['accepted', 'accepted', blamed, 'accepted']);
      assert.deepEqual(
        requests.map(({ length }) => length),
        [4, 2, 2, 1, 1],
      );
    }
  });

  it('is not divided if no message would be taken', async () => {
    const { send, requests } = open(() => answered(401, {}));
    assert.deepEqual(kindsOf(await Promise.all([1, 2].map((id) => send(id)))), [
      'misconfigured',
      'misconfigured',
    ]);
    assert.equal(requests.length, 1);
  });

  it('leaves out whoever is late when the bytes go out', async () => {
    let isLate = false;
    const { send, requests } = open((keys, { mayStart }) => {
      // The connection was slow.
      isLate = true;
      return mayStart()
        ? answered(200, { list: keys.map((key) => ({ key, ok: true })) })
        : { kind: 'notStarted', because: 'TOO_LATE' };
    });
    const answers = await Promise.all([send(1), send(2, () => isLate), send(3, () => true)]);
    assert.deepEqual(kindsOf(answers), ['accepted', 'notSent', 'notSent']);
    assert.deepEqual(requests, [['1:SMS:1']]);
  });

  it('fails whoever waits if the provider throws, so that nobody waits for ever', async () => {
    const { send } = open(() => {
      throw new TypeError('a bug');
    });
    await assert.rejects(send(1), /a bug/);
  });
});
