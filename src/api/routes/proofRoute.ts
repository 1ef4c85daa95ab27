import type { BillId, ClaimToken } from '../../bill.ts';
import { findBill } from '../../db/reads/findBill.ts';
import type { BillProof } from '../../operations/proof/proof.ts';
import { proveBill } from '../../operations/proof/proveBill.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { billParams } from '../contract/billsContract.ts';
import { problemResponse } from '../contract/contractShapes.ts';
import { type BillProofAnswer, billProof, proofQuery } from '../contract/proofContract.ts';
import { Problem } from '../problems/problem.ts';

/** Whether a bill's messages said what the bill says now. */
export function addProofRoute(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/bills/:billId/proof',
    {
      config: { permission: 'readHistory', access: 'prove' },
      schema: {
        tags: ['bills'],
        summary: 'Whether the messages of a bill said what the bill says now; who asked is recorded',
        params: billParams,
        querystring: proofQuery,
        response: { 200: billProof, default: problemResponse },
      },
    },
    async (request) => {
      const billId = request.params.billId as BillId;
      if ((await findBill(deps.database, billId)) === undefined) throw new Problem('BILL_NOT_FOUND');
      // It opens the bill, although it shows nothing of it.
      await deps.recorder.shown(request, { billIds: [billId] });
      const { attempt, cycle } = request.query;
      return answerOf(await proveBill(deps, { billId, attempt: attempt as ClaimToken | undefined, cycle }));
    },
  );
}

function answerOf({ asOf, attempts, ...proof }: BillProof): BillProofAnswer {
  return {
    ...proof,
    asOf: asOf.toISOString(),
    attempts: attempts.map(({ at, differs, inclusion: _, inclusionMissing: __, ...attempt }) => ({
      ...attempt,
      differs: [...differs],
      at: at.toISOString(),
    })),
  };
}
