import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { BillId } from '../../../../src/bill.ts';
import {
  type ReportGroup,
  type ReportState,
  reportEnds,
  reportStates,
} from '../../../../src/db/runs/reportRows.ts';
import { makeReport, type ReportInput } from '../../../../src/operations/runs/report/makeReport.ts';
import { reportCsv } from '../../../../src/operations/runs/report/reportCsv.ts';
import type { Report } from '../../../../src/operations/runs/report/reportFacts.ts';
import { reportHtml } from '../../../../src/operations/runs/report/reportHtml.ts';
import { ReportTally } from '../../../../src/operations/runs/report/reportTally.ts';

function groupOf(facts: Partial<ReportGroup>): ReportGroup {
  return {
    state: 'delivered',
    run: 3,
    channel: 'EMAIL',
    path: ['EMAIL'],
    reason: null,
    provider: 'ses',
    receipt: null,
    isRetried: false,
    isUnproved: false,
    currency: 'KRW',
    bills: 1,
    amount: 0n,
    billIds: [],
    ...facts,
  };
}

function inputOf(groups: readonly ReportGroup[], changes: Partial<ReportInput> = {}): ReportInput {
  return {
    scope: { kind: 'run', run: '2026-11', state: 'DONE' },
    asOf: new Date('2026-12-01T00:00:00Z'),
    groups,
    attempts: [],
    acceptedTwice: { bills: 0, billIds: [] },
    hasAmounts: true,
    run: 3,
    plainSums: groups.filter(({ run }) => run === 3),
    approved: undefined,
    runIds: new Map([[3, '2026-11']]),
    priceOf: () => undefined,
    priceCurrency: 'KRW',
    domains: null,
    statements: [],
    ...changes,
  };
}

function namesOfBroken({ checks }: Report): string[] {
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

const someGroup = fc.record({
  state: fc.constantFrom<ReportState[]>(...reportStates.filter((state) => state !== 'noRow')),
  run: fc.constant(3),
  channel: fc.constantFrom('EMAIL' as const, 'SMS' as const),
  currency: fc.constantFrom('KRW', 'USD'),
  bills: fc.integer({ min: 1, max: 50_000 }),
  amount: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
});

describe('a report', () => {
  it('adds up, part by part and exactly, whatever the bills are', () => {
    fc.assert(
      fc.property(fc.array(someGroup, { maxLength: 30 }), (specs) => {
        const groups = specs.map(groupOf);
        const report = makeReport(inputOf(groups));
        assert.equal(report.addsUp, true);
        const inBatch = groups.filter(({ state }) => state !== 'elsewhere');
        const won = inBatch.filter(({ currency }) => currency === 'KRW');
        const amount = won.reduce((sum, group) => sum + group.amount, 0n);
        assert.equal(report.batch.amounts?.KRW ?? '0', String(amount));
        for (const part of [[report], report.byChannel, report.byPath, report.byRun]) {
          const bills = part.flatMap((ends) => reportEnds.map((end) => ends[end].bills));
          assert.equal(
            bills.reduce((sum, count) => sum + count, 0),
            report.batch.bills,
          );
          const sums = part.flatMap((ends) => reportEnds.map((end) => BigInt(ends[end].amounts?.KRW ?? 0)));
          assert.equal(
            sums.reduce((sum, one) => sum + one, 0n),
            amount,
          );
        }
      }),
    );
  });

  it('is the same, however the bills are cut into windows', () => {
    const groups = [groupOf({ bills: 5, amount: 50n }), groupOf({ state: 'failed', bills: 2, amount: 9n })];
    const tally = new ReportTally();
    for (const { bills, amount, ...alike } of groups) {
      tally.add({
        rows: 1,
        upTo: null,
        attempts: [],
        acceptedTwice: [],
        groups: [{ ...alike, bills: 1, amount: 1n }],
      });
      const rest = { ...alike, bills: bills - 1, amount: amount - 1n };
      tally.add({ rows: 1, upTo: null, attempts: [], acceptedTwice: [], groups: [rest] });
    }
    assert.deepEqual(makeReport({ ...inputOf(groups), ...tally.total() }), makeReport(inputOf(groups)));
  });

  it('names the bills for which something does not hold', () => {
    const bill = '77' as BillId;
    const report = makeReport(
      inputOf([
        groupOf({ isUnproved: true, billIds: [bill] }),
        groupOf({ state: 'noRow', run: 0, channel: null, path: [], billIds: ['78' as BillId] }),
        groupOf({ currency: null, billIds: ['79' as BillId] }),
      ]),
    );
    const names = ['everyBillHasARow', 'everyAmountIsKnown', 'everyDeliveryIsProved'];
    assert.deepEqual(namesOfBroken(report), names);
    assert.deepEqual(
      names.map((name) => report.checks.find((check) => check.name === name)?.billIds),
      [['78'], ['79'], ['77']],
    );
  });

  it('does not add up if the whole is not what the windows saw, or not what was approved', () => {
    const groups = [groupOf({ bills: 2, amount: 20n })];
    const plainSums = [{ currency: 'KRW', bills: 3, amount: 20n }];
    assert.deepEqual(namesOfBroken(makeReport(inputOf(groups, { plainSums }))), ['windowsEqualWhole']);
    const approved = { bills: 2, amount: '21' };
    const [name] = namesOfBroken(makeReport(inputOf(groups, { approved })));
    assert.equal(name, 'sameAsApproved');
  });

  it('says that there are no amounts if the source gives none', () => {
    const groups = [groupOf({ currency: null, bills: 4 })];
    const report = makeReport(inputOf(groups, { hasAmounts: false }));
    assert.deepEqual([report.batch, report.addsUp], [{ bills: 4, amounts: null }, true]);
  });

  it('counts the cost of accepted messages by provider and channel', () => {
    const accepted = {
      outcome: 'ACCEPTED',
      attempts: 12,
      messages: 10,
      longMessages: 0,
      answered: 10,
    } as const;
    const { byProvider, cost } = makeReport(
      inputOf([groupOf({ bills: 9 })], {
        attempts: [
          { ...accepted, provider: 'ses', channel: 'EMAIL' },
          { ...accepted, provider: 'solapi', channel: 'SMS', messages: 3, longMessages: 1, answered: 3 },
          { ...accepted, provider: null, channel: 'SMS', messages: 1, answered: 1 },
        ],
        priceOf: (provider) =>
          ({
            ses: { each: '0.14', eachLong: '0.14' },
            solapi: { each: '13', eachLong: '32.5' },
          })[String(provider)],
      }),
    );
    assert.deepEqual(
      byProvider.map(({ provider, messages, cost: paid }) => [provider, messages, paid]),
      [
        ['ses', 10, '1.4'],
        ['solapi', 3, '58.5'],
        [null, 1, null],
      ],
    );
    assert.deepEqual(cost, { total: '59.9', currency: 'KRW', isLeast: false, messagesWithoutPrice: 1 });
  });

  it('says "at least" if it is not known of a message whether it was long, or what that costs', () => {
    const isLeast = (change: { longMessages?: number; answered?: number }, eachLong: string | null) => {
      const accepted = {
        outcome: 'ACCEPTED',
        attempts: 3,
        messages: 3,
        longMessages: 0,
        answered: 3,
      } as const;
      const attempts = [{ ...accepted, provider: 'solapi', channel: 'SMS' as const, ...change }];
      return makeReport(inputOf([], { attempts, priceOf: () => ({ each: '13', eachLong }) })).cost?.isLeast;
    };
    assert.equal(isLeast({}, '32.5'), false);
    assert.equal(isLeast({ answered: 2 }, '32.5'), true, 'a look-up does not say it');
    assert.equal(isLeast({ answered: 2 }, '13'), false);
    assert.equal(isLeast({ longMessages: 1 }, null), true);
    assert.equal(isLeast({}, null), false);
  });
});

describe('its forms', () => {
  const report = makeReport(
    inputOf([
      groupOf({ bills: 3, amount: 36_300n }),
      groupOf({ state: 'failed', reason: '<script>', provider: null, bills: 1, amount: 1_000n }),
    ]),
  );

  it('as CSV has lines whose parts add up to the batch', () => {
    const lines = parse<Record<string, string>>(reportCsv(report), { columns: true });
    const sumOf = (part: string, name?: string) =>
      lines
        .filter(
          (line) => line.part === part && (name === undefined || line.name === name) && line.state !== '',
        )
        .reduce((sum, { amount }) => sum + BigInt(amount ?? 0), 0n);
    assert.deepEqual([sumOf('batch'), sumOf('channel'), sumOf('path')], [37_300n, 37_300n, 37_300n]);
  });

  for (const language of ['en', 'ko'] as const) {
    it(`as a page in ${language} loads nothing, and shows text as text`, () => {
      const html = reportHtml({ report, language, timeZone: 'Asia/Seoul', signature: null });
      assert.doesNotMatch(html, /<script|src=|href=|url\(/);
      assert.match(html, /&lt;script&gt;/);
      assert.match(html, /₩36,300/);
    });
  }
});
