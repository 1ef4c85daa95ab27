import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, beforeEach, describe, test } from 'node:test';
import type { BillId, Claim, ClaimToken, SettlingTransition } from '../../src/bill.ts';
import type { Channel } from '../../src/channels.ts';
import { chooseCanary } from '../../src/db/runs/chooseCanary.ts';
import { releaseCanary, releaseRest } from '../../src/db/runs/releaseOfRun.ts';
import { beforeAllBills } from '../../src/db/sql.ts';
import { storeReceipts } from '../../src/db/storeReceipts.ts';
import { bounceAs } from '../../src/db/transitions/bounceBills.ts';
import { cancelAs } from '../../src/db/transitions/cancelBills.ts';
import { doubtAbandoned, takeBackAbandoned } from '../../src/db/transitions/claimBatches.ts';
import { keepEarlyEvents, releaseEarlyBills } from '../../src/db/transitions/earlyEvents.ts';
import { handOffBills } from '../../src/db/transitions/handOffBills.ts';
import { markEventsPublished, selectOwedEvents } from '../../src/db/transitions/outbox.ts';
import { moveByReceipts, type ReceiptMove } from '../../src/db/transitions/receiptMoves.ts';
import { refuseUnsendable } from '../../src/db/transitions/refuseUnsendable.ts';
import { createRelease, releaseNamed } from '../../src/db/transitions/releaseHeld.ts';
import { resendAs } from '../../src/db/transitions/resendBills.ts';
import { type DoubtVerdict, resolutions, resolveAs } from '../../src/db/transitions/resolveBills.ts';
import { retransmitDue } from '../../src/db/transitions/retransmit.ts';
import { retryAs } from '../../src/db/transitions/retryBills.ts';
import {
  doubtStrandedBills,
  republishOrphans,
  takeBackStrandedBills,
  walkNotifications,
} from '../../src/db/transitions/scan.ts';
import { settle } from '../../src/db/transitions/settleBills.ts';
import { stateTable } from '../../src/db/transitions/stateTable.ts';
import type { Transition } from '../../src/db/transitions/transition.ts';
import { turnBackAs } from '../../src/db/transitions/turnBack.ts';
import { nextChannel } from '../../src/ladder.ts';
import type { ReceiptKind } from '../../src/providers/inbound/receipt.ts';
import { claimAs } from '../support/arrange.ts';
import { newToken, someMember } from '../support/notifications.ts';
import { ladderOf } from '../support/standardLadder.ts';
import { startedRun } from '../support/startedRun.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';
import { without } from './fences.ts';
import * as model from './modelStatements.ts';
import { findRowMovers } from './rowMovers.ts';
import { type Comparable, createRowTable, type RealRow, type RowTable, tokenOf } from './rowTable.ts';
import type { Row } from './state.ts';

const db = useTestDatabase();
const stands = without();
const ladder = ladderOf('EMAIL', 'ALIMTALK', 'SMS');
let table: RowTable;

/** Once, for both parts. */
async function fill(): Promise<void> {
  table ??= await createRowTable(db.database);
}

/** A run of every row there is. */
function ofAllRows() {
  return { selection: { billIds: table.rows.map(({ billId }) => billId) } };
}

/** Runs the real statement on every row that there is, and the model's on each of them. */
interface Case {
  /** The transition's name in the state table; missing if the statement is none. */
  readonly transition?: string;
  readonly ask: () => Promise<unknown>;
  readonly expected: (row: Row) => Row | undefined;
}

function ours(batch: boolean): ClaimToken {
  return tokenOf({ token: 1, batch }) ?? newToken();
}

function claimOf({ billId, row }: RealRow): Claim {
  return {
    billId,
    memberId: someMember,
    channel: row.channel,
    cycle: row.cycle,
    attempts: 0,
    triedMs: 0,
    passed: passedOf(row),
    token: ours(row.batch),
  };
}

const transitions = Object.keys(model.settling) as SettlingTransition[];
const verdicts = ['delivered', 'resend', 'failed'] as const satisfies DoubtVerdict[];
/** The transitions whose callers give a delay. */
const later: readonly SettlingTransition[] = [
  'notSent',
  'quietHours',
  'refusedForGood',
  'exhausted',
  'braked',
  'held',
];

function passedOf({ passed }: Row): readonly Channel[] | null {
  return passed.length === 0 ? null : passed;
}

function nextOf(row: Row): Channel | undefined {
  return nextChannel(ladder, { channel: row.channel, passed: passedOf(row) }, 'refused');
}

/** There is no channel after the last one, so `...ToNext` is never asked there. */
function hasChannel(transition: SettlingTransition, row: Row): boolean {
  return !transition.endsWith('ToNext') || nextOf(row) !== undefined;
}

function settling(transition: SettlingTransition): Case {
  return {
    transition,
    ask: () => {
      const delayMs = later.includes(transition) ? 600_000 : undefined;
      const asked = table.rows.filter(({ row }) => hasChannel(transition, row));
      const settlements = asked.map((real) => {
        const next = nextOf(real.row);
        return { claim: claimOf(real), elapsedMs: 1, delayMs, next };
      });
      return settle(db.database, transition, { settlements, actor: 'test' });
    },
    expected: (row) => model.settle(row, transition, { token: 1, next: nextOf(row) }),
  };
}

function standings() {
  return table.rows.map(({ billId, row, token }) => ({
    billId,
    sendStatus: row.status,
    publishStatus: row.publish,
    cycle: row.cycle,
    token,
    channel: row.channel,
    passed: passedOf(row),
    inClosedMonth: false,
  }));
}

/** As somebody lists them who has seen our deliveries only. */
function seenByOurs() {
  return standings().map((standing) => ({ ...standing, token: ours(false) }));
}

function earlyEventOf({ billId }: RealRow, index: number) {
  return {
    topic: 't',
    partition: 0,
    offset: String(index),
    timestampMs: 1,
    key: null,
    value: null,
    billId,
    memberId: someMember,
  };
}

function resolving(verdict: DoubtVerdict): Case {
  return {
    transition: resolutions[verdict].name,
    ask: () => {
      const move = resolveAs(db.database, { verdict, first: 'EMAIL', actor: 'test', reason: 'test' });
      return move.make(
        standings().filter(({ token }) => token !== null),
        newToken(),
      );
    },
    expected: (row) => model.resolveAs(row, { verdict, first: 'EMAIL' }, stands),
  };
}

function marking(publishSeq: number): Case {
  return {
    ask: async () => {
      const owed = await selectOwedEvents(db.database, 10_000);
      return markEventsPublished(
        db.database,
        owed.map((event) => ({ ...event, publishSeq })),
      );
    },
    expected: (row) => (row.waits ? undefined : model.markEventsPublished(row, publishSeq, stands)),
  };
}

const abandoned = { claimTtlMs: 10_000, batchMaxAgeMs: 600_000, batches: 50 };
const orphanAfterMs = 60_000;

async function stragglers() {
  const limits = { window: 10_000, orphanAfterMs, batchMaxAgeMs: 60_000 };
  return (await walkNotifications(db.database, limits)).stragglers;
}

async function stranded() {
  return (await stragglers()).flatMap((straggler) => (straggler.kind === 'orphan' ? [] : [straggler]));
}
async function orphans() {
  return (await stragglers()).flatMap((straggler) => (straggler.kind === 'orphan' ? [straggler.billId] : []));
}

function claiming(channel: Channel): Case {
  return {
    transition: 'claim',
    ask: () => {
      const billIds = table.rows.map(({ billId }) => billId);
      return claimAs(db.database, billIds, { channel, token: ours(true) });
    },
    // The table's token of a claim without a batch is not the one asked with here.
    expected: (row) =>
      row.token === 1 && !row.batch ? undefined : model.claimBills(row, { token: 1, channel }, stands),
  };
}

/** A receipt of every bill's first e-mail, compared with its row when that was in this state. */
function receiving(move: ReceiptMove, status: 'IN_DOUBT' | 'DELIVERED'): Case {
  const attempt = { channel: 'EMAIL', cycle: 1 } as const;
  const kind: ReceiptKind = move === 'receiptAccepts' ? 'delivered' : 'bounced_hard';
  const next: Channel | undefined = move === 'receiptTurns' ? 'ALIMTALK' : undefined;
  return {
    transition: move,
    ask: async () => {
      const receipts = table.rows.map(({ billId }) => ({ attempt: { billId, ...attempt }, kind }));
      await storeReceipts(db.database, receipts, { provider: 'http', cameBy: 'webhook' });
      const seen = { seenToken: ours(false), seenStatus: status, seenStep: 0 };
      const words = table.rows.map(({ billId }) => ({
        billId,
        ...attempt,
        kind,
        ...seen,
        nextChannel: next,
      }));
      const retransmits = words.map((word) => ({ ...word, delayMs: 600_000 }));
      await moveByReceipts(db.database, move, { words: retransmits, actor: 'test' });
    },
    expected: (row) =>
      model.moveByReceipts(row, { move, seen: { token: 1, status, ...attempt }, next }, stands),
  };
}

const cases: readonly (readonly [string, Case])[] = [
  ['claimBills of EMAIL', claiming('EMAIL')],
  ['claimBills of ALIMTALK', claiming('ALIMTALK')],
  ['claimBills of SMS', claiming('SMS')],
  [
    'handOffBills',
    {
      transition: 'handOff',
      ask: async () => {
        for (const batch of [true, false]) {
          await handOffBills(db.database, ours(batch), { claims: table.rows.map(claimOf), provider: 'test' });
        }
      },
      expected: (row) => model.handOffBills(row, { token: 1, provider: 0 }, stands),
    },
  ],
  ...transitions.map((name) => [`settle ${name}`, settling(name)] as const),
  ...verdicts.map((verdict) => [`resolveAs ${verdict}`, resolving(verdict)] as const),
  [
    'takeBackAbandoned',
    {
      transition: 'takeBack',
      ask: () => takeBackAbandoned(db.database, abandoned),
      expected: (row) => model.takeBackAbandoned(row, stands),
    },
  ],
  [
    'doubtAbandoned',
    {
      transition: 'doubt',
      ask: () => doubtAbandoned(db.database, abandoned, 'test'),
      expected: model.doubtAbandoned,
    },
  ],
  [
    'takeBackStrandedBills',
    {
      transition: 'takeBack',
      ask: async () => takeBackStrandedBills(db.database, await stranded()),
      expected: (row) => model.takeBackStrandedBills(row, stands),
    },
  ],
  [
    'doubtStrandedBills',
    {
      transition: 'doubt',
      ask: async () => doubtStrandedBills(db.database, await stranded(), 'test'),
      expected: (row) => model.doubtStrandedBills(row, stands),
    },
  ],
  [
    'republishOrphans',
    {
      transition: 'republish',
      ask: async () => republishOrphans(db.database, await orphans(), orphanAfterMs),
      expected: model.republishOrphans,
    },
  ],
  ['markEventsPublished, the event that is owed', marking(5)],
  ['markEventsPublished, an event of before', marking(4)],
  [
    'createRelease',
    {
      transition: 'releaseHeld',
      ask: () => createRelease(db.database, ladder).next(10_000),
      expected: model.createRelease,
    },
  ],
  [
    'releaseNamed',
    {
      transition: 'releaseHeld',
      ask: () =>
        releaseNamed(db.database, { order: ladder.order, billIds: table.rows.map(({ billId }) => billId) }),
      expected: model.releaseNamed,
    },
  ],
  [
    'releaseCanary',
    {
      transition: 'releaseHeld',
      ask: async () => {
        const run = await startedRun(db.database, { ...ofAllRows(), id: 'canary', canary: { percent: 100 } });
        await chooseCanary(db.database, { ...run, canary: { percent: 100 }, actor: 'test' });
        await releaseCanary(db.database, { run: run.run, order: ladder.order, limit: 10_000 });
      },
      expected: model.releaseCanary,
    },
  ],
  [
    'releaseRest',
    {
      transition: 'releaseHeld',
      ask: async () => {
        const run = await startedRun(db.database, { ...ofAllRows(), id: 'rest' });
        const through = beforeAllBills as BillId;
        await releaseRest(db.database, { ...run, order: ladder.order, limit: 10_000, through });
      },
      expected: model.releaseRest,
    },
  ],
  [
    'refuseUnsendable',
    {
      transition: 'refuseUnsendable',
      ask: async () => refuseUnsendable(db.database, await selectOwedEvents(db.database, 10_000)),
      expected: (row) => (row.waits ? undefined : model.refuseUnsendable(row, 5)),
    },
  ],
  [
    'retransmitDue',
    {
      transition: 'retransmit',
      ask: () => retransmitDue(db.database, { maxCycles: 10, limit: 10_000, first: 'EMAIL', actor: 'test' }),
      expected: (row) => model.retransmitDue(row, 'EMAIL', stands),
    },
  ],
  [
    'retryAs',
    {
      transition: 'retry',
      ask: () => retryAs(db.database, { actor: 'test', first: 'EMAIL' }).make(standings(), newToken()),
      expected: (row) => model.retryAs(row, 'EMAIL', stands),
    },
  ],
  [
    'retryAs, asking refused addresses again',
    {
      transition: 'retryAskingAgain',
      ask: () =>
        retryAs(db.database, { actor: 'test', first: 'EMAIL', asksRefused: true }).make(
          standings(),
          newToken(),
        ),
      expected: (row) => model.retryAs(row, 'EMAIL', stands),
    },
  ],
  [
    'turnBackAs',
    {
      transition: 'turnBack',
      ask: () => turnBackAs(db.database, { actor: 'test', first: 'EMAIL' }).make(standings(), newToken()),
      expected: (row) => model.turnBackAs(row, 'EMAIL', stands),
    },
  ],
  [
    'resendAs',
    {
      transition: 'resend',
      ask: () =>
        resendAs(db.database, { first: 'EMAIL', actor: 'test', reason: 'test' }).make(
          seenByOurs(),
          newToken(),
        ),
      expected: (row) => model.resendAs(row, { token: 1, to: 'EMAIL' }, stands),
    },
  ],
  [
    'bounceAs',
    {
      transition: 'bounce',
      ask: () => {
        const evidence = new Map(table.rows.map(({ billId }) => [billId, [{}]]));
        const move = bounceAs(db.database, { evidence, accepted: new Set(), ladder, actor: 'test' });
        return move.make(seenByOurs(), newToken());
      },
      expected: (row) => {
        const to = nextOf(row);
        return to === undefined ? undefined : model.bounceAs(row, { token: 1, to }, stands);
      },
    },
  ],
  ['receiptAccepts', receiving('receiptAccepts', 'IN_DOUBT')],
  ['receiptTurns of a doubt', receiving('receiptTurns', 'IN_DOUBT')],
  ['receiptTurns of a delivery', receiving('receiptTurns', 'DELIVERED')],
  ['receiptFails', receiving('receiptFails', 'IN_DOUBT')],
  [
    'releaseEarlyBills',
    {
      transition: 'releaseEarly',
      ask: async () => {
        await keepEarlyEvents(db.database, table.rows.map(earlyEventOf));
        return releaseEarlyBills(db.database, { window: 10_000, order: ladder.order });
      },
      expected: model.releaseEarlyBills,
    },
  ],
  [
    'cancelAs',
    {
      transition: 'cancel',
      ask: () => cancelAs(db.database, { actor: 'test' }).make(standings(), newToken()),
      expected: model.cancelAs,
    },
  ],
];

describe('a statement of the model does to every legal row what the real one does', () => {
  before(fill);
  beforeEach(() => table.restore());

  for (const [name, { ask, expected }] of cases) {
    test(name, async () => {
      await ask();
      const found = await table.read();
      assert.ok(table.rows.some(({ row }) => expected(row) !== undefined) || name.endsWith('of before'));
      for (const { billId, row } of table.rows) {
        assert.deepEqual(
          found.get(billId),
          comparableOf(expected(row) ?? row),
          `from ${JSON.stringify(row)}`,
        );
      }
    });
  }
});

function comparableOf(row: Row): Comparable {
  const { batch: _batch, pastHorizon: _pastHorizon, provider: _provider, ...comparable } = row;
  return comparable;
}

describe('the state table says what the model does', () => {
  before(fill);

  for (const transition of Object.values(stateTable).flat()) {
    test(transition.name, async () => {
      const own = cases.filter(([, { transition: name }]) => name === transition.name);
      const made = own.flatMap(([, { expected }]) =>
        table.rows.flatMap(({ row }) => {
          const after = expected(row);
          return after === undefined || isAgain(transition, row) ? [] : [{ row, after }];
        }),
      );
      assert.deepEqual([...new Set(made.map(({ row }) => row.status))].sort(), [...transition.from].sort());
      for (const { row, after } of made) {
        assert.equal(after.status, transition.to);
        assert.ok(
          isFateOf(transition.token, row, after),
          `${transition.token}: ${row.token}, ${after.token}`,
        );
      }
    });
  }

  test('and every case of the model is in it', () => {
    const named = new Set(cases.flatMap(([, { transition }]) => transition ?? []));
    const known = Object.values(stateTable).flatMap((transitions) => transitions.map(({ name }) => name));
    assert.deepEqual([...named].sort(), known.sort());
  });
});

/** The answer of the first try was lost: the row has moved already. */
function isAgain({ from, to }: Transition, { status }: Row): boolean {
  return status === to && !from.includes(status);
}

function isFateOf(fate: Transition['token'], before: Row, after: Row): boolean {
  switch (fate) {
    case 'new':
      return after.token !== 0;
    case 'kept':
      return after.token === before.token;
    case 'cleared':
      return after.token === 0;
    case 'none':
      return before.token === 0 && after.token === 0;
    default:
      return fate satisfies never;
  }
}

test('the model has every function of src/db that moves rows, and no other', () => {
  const folder = join(import.meta.dirname, '../../src/db');
  const moving = Object.entries(model).flatMap(([name, made]) => (typeof made === 'function' ? [name] : []));
  // The bill stays in doubt: it is no transition.
  assert.deepEqual(findRowMovers(folder).sort(), [...moving, 'countWindow', 'postponeLookups'].sort());
});
