import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { v4 as newId } from 'uuid';
import type { ApiApp } from './apiApp.ts';
import type { ApiDeps } from './apiDeps.ts';
import { createAuthenticate } from './identity/authenticate.ts';
import { guard } from './identity/guard.ts';
import { addOpenApi } from './openApi.ts';
import { Problem } from './problems/problem.ts';
import { addProblemPages } from './problems/problemPages.ts';
import { replyWithProblems } from './problems/problemReplies.ts';
import { collectRouteMethods } from './problems/routeMethods.ts';
import { addRequestLog } from './requestLog.ts';
import { addServiceRoutes } from './routes/serviceRoutes.ts';
import { addSecurityHeaders } from './securityHeaders.ts';

const bodyLimitBytes = 1_048_576;
const arrivalLimitMs = 30_000;
const answerLimitMs = 30_000;

/** The API, with all its routes, not yet listening. */
export async function createApiServer(deps: ApiDeps): Promise<ApiApp> {
  const app = createApp(deps);
  await addLimits(app, deps);
  await addOpenApi(app, deps.build.version);
  addProblemPages(app);
  addServiceRoutes(app, deps);
  return app;
}

function createApp({ log }: ApiDeps): ApiApp {
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    requestIdHeader: false,
    bodyLimit: bodyLimitBytes,
    requestTimeout: arrivalLimitMs,
    handlerTimeout: answerLimitMs,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { ignoreTrailingSlash: false },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  refuseRoutesWithoutPermission(app);
  replyWithProblems(app, collectRouteMethods(app));
  addSecurityHeaders(app);
  addRequestLog(app);
  return app;
}

/** Who asks is known before the rate is limited, and what they may ask is checked before the body is read. */
async function addLimits(app: ApiApp, { config }: ApiDeps): Promise<void> {
  const authenticate = createAuthenticate(config.api);
  app.decorateRequest('identity', null);
  app.addHook('onRequest', async (request) => {
    request.identity = authenticate(request.headers, new Date());
  });
  await app.register(cookie);
  await app.register(rateLimit, {
    max: config.api.requestsPerSecond,
    timeWindow: 1_000,
    enableDraftSpec: true,
    keyGenerator: ({ identity, ip }) => (identity === null ? `address ${ip}` : `name ${identity.name}`),
    errorResponseBuilder: () => new Problem('TOO_MANY_REQUESTS'),
  });
  app.addHook('preParsing', async (request) => guard(request));
}

/** A route that nobody thought about is closed: it stops the start. */
function refuseRoutesWithoutPermission(app: ApiApp): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.permission !== undefined) return;
    if (!route.url.startsWith('/docs')) throw new RangeError(`route ${route.url} names no permission`);
    route.config = { ...route.config, permission: 'open' };
  });
}
