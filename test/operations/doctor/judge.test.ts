import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { perChannel } from '../../../src/channels.ts';
import type { Control } from '../../../src/db/control.ts';
import { type BrakeState, off } from '../../../src/db/reads/brakeStates.ts';
import type { SchemaState } from '../../../src/db/schemaState.ts';
import {
  judgeBrakes,
  judgeChannelLists,
  judgeChannels,
  judgeDispatchers,
  judgeDoubts,
  judgeSwitches,
  judgeTemplates,
} from '../../../src/operations/doctor/checkCluster.ts';
import { judgeGroupMembers } from '../../../src/operations/doctor/checkConsumerGroup.ts';
import { judgeContacts } from '../../../src/operations/doctor/checkContacts.ts';
import {
  judgeDeadLetters,
  judgeLeaders,
  judgePartitions,
  judgeReplicas,
  judgeSecurity,
} from '../../../src/operations/doctor/checkKafka.ts';
import {
  judgeClock,
  judgeDurability,
  judgeEncryption,
  judgePooler,
  judgeRights,
  judgeSchema,
  judgeServer,
  judgeStandbys,
} from '../../../src/operations/doctor/checkPostgres.ts';
import { type Finding, faultText } from '../../../src/operations/doctor/finding.ts';
import { standardLadder } from '../../support/standardLadder.ts';

const server = {
  version: '18.1',
  inRecovery: false,
  synchronousCommit: 'on',
  fsync: 'on',
  fullPageWrites: 'on',
  synchronousStandbyNames: '',
  standbys: 0,
  clockAheadMs: 3,
  isEncrypted: false,
  isLocal: true,
  isPooled: false,
};
const cluster = {
  alive: 2,
  silent: [],
  templateVersions: [],
  channelLists: [],
  inDoubt: 0,
  oldestDoubtMs: 0,
};
const { order } = standardLadder;
const topics = { ...perChannel((channel) => channel), EMAIL: 'e', SMS: 's', deadLetter: 'd' };
const durable = { replicas: 3, minInSync: 2, leaderless: [] as number[] };
const source = { ...durable, partitions: 8, maxMessageBytes: 1_048_588, retentionMs: 604_800_000 };
const letters = { ...durable, partitions: 8, maxMessageBytes: 2_097_152, retentionMs: -1 };
function factsOf(changes: Partial<typeof letters> = {}) {
  return new Map([
    ['e', source],
    ['s', source],
    ['d', { ...letters, ...changes }],
  ]);
}
function own(brokers: number) {
  return { brokers, embedded: false };
}
const thrown = { since: new Date('2026-11-25T00:00Z'), by: 'person alice', reason: null };
const calm: Control = { paused: false, pause: null, resumed: null };
const brake: BrakeState = {
  on: true,
  since: thrown.since,
  kind: 'unreachable',
  cause: 'ENOTFOUND typo.invalid',
  by: 'dispatcher h:1',
  trials: 2,
  nextTrialAt: null,
};
function time(at: Date) {
  return at.toISOString();
}

function templates(...templateVersions: string[]) {
  return { templateVersions };
}

function schemaState(state: Partial<SchemaState> = {}): SchemaState {
  return {
    missing: [],
    newer: [],
    incompatible: [],
    ...state,
  };
}

const cases: readonly [string, Finding[], Finding['verdict'], RegExp][] = [
  ['a server', [judgeServer(server)], 'ok', /18\.1/],
  ['an old server', [judgeServer({ ...server, version: '12.4' })], 'warn', /upgrade/],
  ['a standby', [judgeServer({ ...server, inRecovery: true })], 'fail', /primary/],
  ['an unencrypted connection on one machine', [judgeEncryption(server)], 'ok', /stays on this machine/],
  [
    'an unencrypted connection',
    [judgeEncryption({ ...server, isLocal: false })],
    'warn',
    /sslmode=verify-full/,
  ],
  ['a way by TLS', [judgeEncryption({ ...server, isLocal: false, isEncrypted: true })], 'ok', /encrypted/],
  ['no pooler', [judgePooler(server)], 'ok', /none/],
  ['a pooler', [judgePooler({ ...server, isPooled: true })], 'ok', /planned each time/],
  [
    'a pooler that drops our settings',
    [judgePooler({ ...server, isPooled: true, synchronousCommit: 'off' })],
    'warn',
    /alter role/,
  ],
  ['all rights', [judgeRights({ unreadable: [], unwritable: [], writesSome: true })], 'ok', /everything/],
  [
    'a reader',
    [judgeRights({ unreadable: [], unwritable: ['walk'], writesSome: false })],
    'warn',
    /only read/,
  ],
  [
    'a lacking right',
    [judgeRights({ unreadable: [], unwritable: ['walk'], writesSome: true })],
    'fail',
    /walk.*grant-run/,
  ],
  ['durable commits', [judgeDurability({ ...server, synchronousCommit: 'remote_apply' })], 'ok', /on disk/],
  ['no fsync', [judgeDurability({ ...server, fsync: 'off' })], 'fail', /^fsync = off/],
  ['late commits', [judgeDurability({ ...server, synchronousCommit: 'local' })], 'fail', /= local/],
  ['no standbys', [judgeStandbys(server)], 'ok', /none/],
  [
    'an asynchronous standby',
    [judgeStandbys({ ...server, standbys: 1 })],
    'warn',
    /synchronous_standby_names/,
  ],
  [
    'a synchronous standby',
    [judgeStandbys({ ...server, standbys: 1, synchronousStandbyNames: 'b' })],
    'ok',
    /b$/,
  ],
  ['clocks that agree', [judgeClock(server)], 'ok', /3 ms/],
  ['a clock that is behind', [judgeClock({ ...server, clockAheadMs: -4_000 })], 'warn', /NTP/],
  ['a whole schema', [judgeSchema(schemaState())], 'ok', /up to date/],
  [
    'an old schema',
    [judgeSchema(schemaState({ missing: ['009_x'] }))],
    'fail',
    /009_x missing.*billcast migrate/,
  ],
  ['a newer schema', [judgeSchema(schemaState({ newer: ['099_x'] }))], 'ok', /newer billcast \(099_x\)/],
  [
    'a newer schema that forbids it',
    [judgeSchema(schemaState({ incompatible: ['099_x'] }))],
    'fail',
    /099_x .* forbid/,
  ],
  ['dispatchers', [judgeDispatchers(cluster)], 'ok', /2 alive/],
  ['no dispatcher', [judgeDispatchers({ ...cluster, alive: 0 })], 'warn', /nothing is sent/],
  ['one template', [judgeTemplates(templates('f00'), 'f00')], 'ok', /dispatchers print with it/],
  ['no dispatcher that prints', [judgeTemplates(templates(), 'f00')], 'ok', /version f00$/],
  ['a template that is changed', [judgeTemplates(templates('bad'), 'f00')], 'warn', /bad.*restart/],
  ['two templates at work', [judgeTemplates(templates('bad', 'f00'), 'f00')], 'warn', /bad, f00.*different/],
  ['a silent dispatcher', [judgeDispatchers({ ...cluster, silent: ['h:1'] })], 'warn', /h:1.*billcast sweep/],
  ['no pause', [judgeSwitches(calm, time)], 'ok', /not paused/],
  ['a pause', [judgeSwitches({ ...calm, pause: thrown }, time)], 'warn', /alice; `billcast resume`/],
  [
    'no brake',
    judgeBrakes(
      perChannel(() => off),
      time,
    ),
    'ok',
    /no channel/,
  ],
  [
    'a provider that is away',
    judgeBrakes({ ...perChannel(() => off), EMAIL: brake }, time),
    'warn',
    /by e-mail is stopped .*ENOTFOUND typo.invalid; one bill tries.*resume --channel EMAIL/,
  ],
  [
    'a brake for a person',
    judgeBrakes({ ...perChannel(() => off), SMS: { ...brake, kind: 'smsTurns' } }, time),
    'warn',
    /find out why, then run `billcast resume --channel SMS`/,
  ],
  ['young doubts', [judgeDoubts({ ...cluster, inDoubt: 4, oldestDoubtMs: 9_000 }, 60_000)], 'ok', /^4 bills/],
  [
    'old doubts',
    [judgeDoubts({ ...cluster, inDoubt: 4, oldestDoubtMs: 9e6 }, 60_000)],
    'warn',
    /resolve --list/,
  ],
  ['known channels', [judgeChannels([])], 'ok', /CHANNELS names/],
  ['one list', [judgeChannelLists({ channelLists: ['EMAIL,SMS'] }, { order })], 'ok', /everywhere/],
  [
    'two lists',
    [judgeChannelLists({ channelLists: ['EMAIL,SMS', 'SMS'] }, { order })],
    'warn',
    /use EMAIL,SMS and SMS/,
  ],
  ['an unknown channel', [judgeChannels([{ channel: 'FAX', bills: 3 }])], 'warn', /3 on FAX/],
  ['all topics', [judgePartitions({ topics, order, partitions: 8 }, factsOf())], 'ok', /e, s, d/],
  ['no topics', [judgePartitions({ topics, order, partitions: 8 }, new Map())], 'warn', /e, s, d missing/],
  ['few partitions', [judgePartitions({ topics, order, partitions: 9 }, factsOf())], 'warn', /^e, s: fewer/],
  ['dead letters', judgeDeadLetters(topics, factsOf()), 'ok', /takes whatever/],
  [
    'small dead letters',
    judgeDeadLetters(topics, factsOf({ maxMessageBytes: 9 })),
    'warn',
    /without their bytes/,
  ],
  ['three replicas', [judgeReplicas(factsOf(), own(3))], 'ok', /three brokers/],
  ['one broker', [judgeReplicas(factsOf(), own(1))], 'warn', /^1 broker/],
  ['the embedded broker', [judgeReplicas(factsOf(), { brokers: 1, embedded: true })], 'ok', /^1 broker/],
  ['one replica', [judgeReplicas(factsOf({ replicas: 1 }), own(3))], 'warn', /^d \(1, 2\).*raise/],
  ['one in sync', [judgeReplicas(factsOf({ minInSync: 1 }), own(3))], 'warn', /^d \(3, 1\)/],
  ['all in sync', [judgeReplicas(factsOf({ minInSync: 3 }), own(3))], 'warn', /nothing can be written/],
  ['no leader', judgeLeaders(factsOf({ leaderless: [2, 5] })), 'fail', /d 2 5/],
  ['short-lived dead letters', judgeDeadLetters(topics, factsOf({ retentionMs: 9e7 })), 'warn', /1\.0 days/],
];

describe('the doctor, seeing', () => {
  for (const [what, findings, verdict, says] of cases) {
    it(`${what}, says ${verdict}`, () => {
      const rank = { ok: 0, warn: 1, fail: 2 };
      const worst = findings.toSorted((a, b) => rank[b.verdict] - rank[a.verdict])[0];
      assert.equal(worst?.verdict, verdict);
      assert.match(worst?.text ?? '', says);
    });
  }

  it('a fault, is one line with its causes', () => {
    const beneath = new AggregateError([new Error('refused'), new Error('unreachable')]);
    const fault = new Error('wrong settings:\n  A is missing\n  B is wrong', { cause: beneath });
    assert.equal(faultText(fault), 'wrong settings, A is missing, B is wrong (refused, unreachable)');
  });
});

describe('the way to Kafka', () => {
  const none = { tls: undefined, sasl: undefined };
  const tls = { caFile: undefined, certFile: undefined, keyFile: undefined };
  const judged = (brokers: string[], security: Parameters<typeof judgeSecurity>[0]['security']) =>
    judgeSecurity({ brokers, security });

  it('is fine by TLS, and on this machine', () => {
    const login = { mechanism: 'scram-sha-512', username: 'u', password: 'secret' } as const;
    const found = judged(['far:9092'], { tls, sasl: login });
    assert.equal(found.verdict, 'ok');
    assert.match(found.text, /TLS.*scram-sha-512/);
    assert.doesNotMatch(found.text, /secret/);
    for (const broker of ['localhost:1', '127.0.0.1:1', '[::1]:1']) {
      assert.equal(judged([broker], none).verdict, 'ok');
    }
  });

  it('is warned of without encryption, with what to set', () => {
    const found = judged(['localhost:1', 'far:9092'], none);
    assert.equal(found.verdict, 'warn');
    assert.match(found.text, /KAFKA_TLS/);
  });
});

describe('judgeGroupMembers', () => {
  const judge = (...clientIds: string[]) =>
    judgeGroupMembers({
      groupId: 'billcast',
      members: clientIds.map((clientId) => ({ clientId, host: '10.0.0.7' })),
      dispatchers: ['a:1', 'b:2'],
    });

  it('takes dispatchers of this database, and none at all', () => {
    assert.equal(judge().verdict, 'ok');
    assert.equal(judge('billcast-a:1', 'billcast-b:2').verdict, 'ok');
  });

  it('names who else takes events', () => {
    const { verdict, text } = judge('billcast-a:1', 'billcast-test:9');
    assert.equal(verdict, 'warn');
    assert.match(text, /^billcast-test:9 from 10\.0\.0\.7 is in billcast .* KAFKA_GROUP_ID/);
  });
});

describe('judgeContacts', () => {
  const counted = (email: number, phone: number) =>
    judgeContacts({ email: { stored: 1_000, unusable: email }, phone: { stored: 1_000, unusable: phone } });

  it('counts what cannot be used, and warns of more than a few', () => {
    assert.equal(counted(20, 20).verdict, 'ok');
    assert.match(
      counted(3, 4).text,
      /^3 of 1000 e-mail addresses in the sample are unusable, 4 of 1000 phone numbers/,
    );
    assert.equal(counted(21, 0).verdict, 'warn');
    assert.match(counted(0, 21).text, /docs\/data\.md/);
  });
});
