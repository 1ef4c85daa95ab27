import type { BillId } from '../../bill.ts';
import { findBill } from '../../db/reads/findBill.ts';
import type { Suppression } from '../../db/suppressions.ts';
import { compileProjectTemplates } from '../../operations/projectTemplates.ts';
import {
  findSuppressions,
  listSuppressions,
  reactivateAddresses,
  removeFromSuppressions,
  suppressBills,
} from '../../operations/suppressionList.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { contactSearch } from '../contract/contractShapes.ts';
import {
  type SuppressionEntry,
  suppressAnswer,
  suppressionChange,
  suppressionChanged,
  suppressionParams,
  suppressions,
  suppressionsFound,
  suppressionsQuery,
  suppressRequest,
} from '../contract/suppressionsContract.ts';
import { actorOf } from '../identity/actor.ts';
import { Problem } from '../problems/problem.ts';

const tags = ['suppressions'];
const permission = 'actOnOneBill';

/** Addresses that nothing is sent to. */
export function addSuppressionRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/suppressions',
    {
      config: { permission: 'readHistory' },
      schema: {
        tags,
        summary: 'Addresses that nothing is sent to, by member and bill, the newest first',
        querystring: suppressionsQuery,
        response: { 200: suppressions },
      },
    },
    async ({ query }) => {
      const { items, next } = await listSuppressions(deps, query);
      return { items: items.map(entryOf), next };
    },
  );
  addFind(app, deps);
  addAdd(app, deps);
  addReactivate(app, deps);
  addRemove(app, deps);
}

/**
 * It is a POST, so that no contact gets into a log or a referrer. It reveals something about a contact, so it
 * is recorded.
 */
function addFind(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/suppressions/search',
    {
      config: { permission: 'readHistory', access: 'findContact', readsOnly: true },
      schema: {
        tags,
        summary: 'The entries of an e-mail address or a phone number; each search is recorded',
        body: contactSearch,
        response: { 200: suppressionsFound },
      },
    },
    async (request) => {
      await deps.recorder.shown(request, {});
      return { items: (await findSuppressions(deps, request.body.contact)).map(entryOf) };
    },
  );
}

function addAdd(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/suppressions',
    {
      config: { permission, access: 'suppress' },
      schema: {
        tags,
        summary: "Put the present address of a bill's member on the list",
        body: suppressRequest,
        response: { 200: suppressAnswer },
      },
    },
    async (request) => {
      const { channel, reason } = request.body;
      const billId = request.body.billId as BillId;
      if ((await findBill(deps.database, billId)) === undefined) throw new Problem('BILL_NOT_FOUND');
      return deps.recorder.change(request, { billIds: [billId], reason }, async () => {
        const templates = await compileProjectTemplates(deps.config);
        const asked = { billIds: [billId], channel, reason, actor: actorOf(request), dryRun: false };
        const { dryRun: _dryRun, ...facts } = await suppressBills({ ...deps, templates }, asked);
        return facts;
      });
    },
  );
}

function addReactivate(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/suppressions/:id/reactivate',
    {
      config: { permission, access: 'reactivateAddress' },
      schema: {
        tags,
        summary: 'Try an address again; a later bounce suppresses it again',
        params: suppressionParams,
        body: suppressionChange,
        response: { 200: suppressionChanged },
      },
    },
    (request) => {
      const { id } = request.params;
      const concern = { reason: `${id}: ${request.body.reason}` };
      return deps.recorder.change(request, concern, async () => {
        const { reactivated } = await reactivateAddresses(deps, { ids: [id], actor: actorOf(request) });
        return { changed: reactivated };
      });
    },
  );
}

function addRemove(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/suppressions/:id/remove',
    {
      config: { permission, access: 'removeSuppression' },
      schema: {
        tags,
        summary: 'Delete an entry that was a mistake',
        params: suppressionParams,
        body: suppressionChange,
        response: { 200: suppressionChanged },
      },
    },
    (request) => {
      const { id } = request.params;
      const concern = { reason: `${id}: ${request.body.reason}` };
      return deps.recorder.change(request, concern, async () => {
        const { removed } = await removeFromSuppressions(deps, { ids: [id] });
        return { changed: removed };
      });
    },
  );
}

function entryOf({ addedAt, liftedAt, liftedBy, ...entry }: Suppression): SuppressionEntry {
  return {
    ...entry,
    addedAt: addedAt.toISOString(),
    reactivatedAt: liftedAt?.toISOString() ?? null,
    reactivatedBy: liftedBy,
  };
}
