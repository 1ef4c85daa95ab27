import { readTheirIds, showTheirIds, unknownText } from '../operations/theirIds.ts';
import type { ApiApp } from './apiApp.ts';
import type { ApiDeps } from './apiDeps.ts';
import { Problem } from './problems/problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its answers contain the billing system's ids already. */
    showsTheirIds?: boolean;
    /** Ids in its request stay as they are: a file that was made before names bills in its own way. */
    keepsIds?: boolean;
  }
}

/** With BILL_ID_KIND, every route takes and shows the billing system's ids. Without it, nothing is added. */
export function addTheirIds(app: ApiApp, deps: ApiDeps): void {
  if (deps.config.source.idKind === 'bigint') return;
  app.addHook('preValidation', async (request) => {
    if (!request.url.startsWith('/api/v1/') || request.routeOptions.config.keepsIds === true) return;
    const { params, query, body } = request;
    const read = await readTheirIds(deps, { params, query, body });
    const [first] = read.unknown;
    if (first !== undefined) {
      throw new Problem(
        first.subject === 'bill' ? 'BILL_NOT_FOUND' : 'MEMBER_NOT_FOUND',
        unknownText(read.unknown),
      );
    }
    Object.assign(request, read.request);
  });
  app.addHook('preSerialization', async ({ routeOptions: { config } }, _, payload) =>
    config.showsTheirIds === true ? payload : showTheirIds(deps, payload),
  );
}
