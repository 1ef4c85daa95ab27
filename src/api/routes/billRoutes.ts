import type { BillId } from '../../bill.ts';
import { findBill } from '../../db/reads/findBill.ts';
import { headlineOf } from '../../operations/explain/explain.ts';
import { type ExplainFacts, explainBill } from '../../operations/explain/explainBill.ts';
import { revealBill } from '../../operations/revealBill.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import {
  type BillExplanation,
  billExplanation,
  billParams,
  revealAnswer,
  revealRequest,
} from '../contract/billsContract.ts';
import { Problem } from '../problems/problem.ts';

const tags = ['bills'];

/** One bill: what became of it, and who it is for. */
export function addBillRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/bills/:billId',
    {
      config: { permission: 'readHistory' },
      schema: {
        tags,
        summary: 'Where a bill stands, why, what happened to it and what comes next',
        params: billParams,
        response: { 200: billExplanation },
      },
    },
    async ({ params }) => {
      const facts = await explainBill(deps, { billId: params.billId as BillId });
      const { bill, poison, early } = facts.history;
      if (bill === null && poison.length + early.length === 0) throw new Problem('BILL_NOT_FOUND');
      return explanationOf(facts);
    },
  );
  app.post(
    '/api/v1/bills/:billId/reveal',
    {
      config: { permission: 'reveal', access: 'reveal' },
      schema: {
        tags,
        summary: 'Open the name and the addresses of a bill; who, when and why is recorded',
        params: billParams,
        body: revealRequest,
        response: { 200: revealAnswer },
      },
    },
    async (request) => {
      const billId = request.params.billId as BillId;
      if ((await findBill(deps.database, billId)) === undefined) throw new Problem('BILL_NOT_FOUND');
      await deps.recorder.shown(request, { billIds: [billId], reason: request.body.reason });
      const revealed = await revealBill(deps, { billId });
      if (revealed === undefined) throw new Problem('BILL_NOT_FOUND', 'Its data are missing.');
      return {
        billId,
        memberId: revealed.memberId,
        ...revealed.values,
        unreadable: [...revealed.unreadable],
      };
    },
  );
}

function explanationOf({ history, explanation }: ExplainFacts): BillExplanation {
  const { standing, next } = explanation;
  return {
    billId: history.billId,
    asOf: history.now.toISOString(),
    headline: headlineOf(history),
    bill: billOf(history.bill),
    standing: [...standing],
    next: { ...next, at: next.at?.toISOString() ?? null },
    timeline: explanation.history.map(({ at, text }) => ({ at: at.toISOString(), text })),
    journal: history.journal.map(({ startedAt, finishedAt, ...entry }) => ({
      ...entry,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
    })),
    receipts: history.receipts.map(({ happenedAt, receivedAt, ...receipt }) => ({
      ...receipt,
      happenedAt: happenedAt?.toISOString() ?? null,
      receivedAt: receivedAt.toISOString(),
    })),
  };
}

function billOf(bill: ExplainFacts['history']['bill']): BillExplanation['bill'] {
  if (bill === null) return null;
  const { batch, notBefore, changedAt, publishedAt, handedOffAt, inDoubtAt, retransmitAt, ...rest } = bill;
  return {
    ...rest,
    notBefore: notBefore?.toISOString() ?? null,
    changedAt: changedAt.toISOString(),
    publishedAt: publishedAt?.toISOString() ?? null,
    handedOffAt: handedOffAt?.toISOString() ?? null,
    inDoubtAt: inDoubtAt?.toISOString() ?? null,
    retransmitAt: retransmitAt?.toISOString() ?? null,
    dispatcher: batch?.dispatcher?.name ?? null,
  };
}
