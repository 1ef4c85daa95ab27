import type { BillId, ClaimToken } from '../../bill.ts';
import { findBill } from '../../db/reads/findBill.ts';
import { checkKeptProof } from '../../operations/proof/checkKeptProof.ts';
import type { BillProof } from '../../operations/proof/proof.ts';
import { proveBill } from '../../operations/proof/proveBill.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { billParams } from '../contract/billsContract.ts';
import {
  type BillProofAnswer,
  billProof,
  proofCheck,
  proofChecked,
  proofQuery,
} from '../contract/proofContract.ts';
import { Problem } from '../problems/problem.ts';

/** If the place in a manifest is asked for, all accepted messages of the run are read. */
const limitMs = 15 * 60_000;

/** Whether a bill's messages said what the bill says now, and what a file about that shows. */
export function addProofRoutes(app: ApiApp, deps: ApiDeps): void {
  addProof(app, deps);
  addCheck(app, deps);
}

function addProof(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/bills/:billId/proof',
    {
      config: { permission: 'readHistory', access: 'prove' },
      handlerTimeout: limitMs,
      schema: {
        tags: ['bills'],
        summary: 'Whether the messages of a bill said what the bill says now; who asked is recorded',
        params: billParams,
        querystring: proofQuery,
        response: { 200: billProof },
      },
    },
    async (request) => {
      const billId = request.params.billId as BillId;
      if ((await findBill(deps.database, billId)) === undefined) throw new Problem('BILL_NOT_FOUND');
      // Recorded, because it opens the bill, although it shows nothing of it.
      await deps.recorder.shown(request, { billIds: [billId] });
      const { attempt, cycle, inclusion: withInclusion } = request.query;
      const asked = { billId, attempt: attempt as ClaimToken | undefined, cycle, withInclusion };
      const proof = answerOf(await proveBill(deps, asked));
      return withInclusion ? { ...proof, billNumber: billId } : proof;
    },
  );
}

function addCheck(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/proofs/check',
    {
      config: { permission: 'read', readsOnly: true, keepsIds: true },
      schema: {
        tags: ['bills'],
        summary:
          'Whether a proof that was taken before shows a place in the manifest of a run. Needs no bill any more',
        body: proofCheck,
        response: { 200: proofChecked },
      },
    },
    async (request) => {
      const { attempts, ...facts } = await checkKeptProof(deps, request.body);
      return { ...facts, attempts: [...attempts] };
    },
  );
}

function answerOf({ asOf, attempts, ...proof }: BillProof): BillProofAnswer {
  return {
    ...proof,
    asOf: asOf.toISOString(),
    attempts: attempts.map(({ at, differs, inclusion, ...attempt }) => ({
      ...attempt,
      differs: [...differs],
      at: at.toISOString(),
      ...(inclusion !== undefined && {
        inclusion: inclusion && { ...inclusion, madeAt: inclusion.madeAt.toISOString() },
      }),
    })),
  };
}
