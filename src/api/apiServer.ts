import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { v4 as newId } from 'uuid';
import { ReceiptMeter } from '../metrics/receiptMeter.ts';
import { createRecorder } from './access.ts';
import type { ApiApp } from './apiApp.ts';
import type { ApiDeps, ServerDeps } from './apiDeps.ts';
import { guard, isSafe } from './identity/guard.ts';
import { createIdentify } from './identity/identify.ts';
import { addTheirIds } from './idsOfTheirs.ts';
import { addInboundRoutes } from './inbound/inboundRoutes.ts';
import { createLagReader } from './live/lagReader.ts';
import { createLiveNumbers } from './live/liveNumbers.ts';
import { addOpenApi } from './openApi.ts';
import { addPageRoutes } from './page/pageRoutes.ts';
import { Problem } from './problems/problem.ts';
import { addProblemPages } from './problems/problemPages.ts';
import { replyWithProblems } from './problems/problemReplies.ts';
import { collectRouteMethods } from './problems/routeMethods.ts';
import { addRequestLog } from './requestLog.ts';
import { addActionRoutes } from './routes/actionRoutes.ts';
import { addAuditRoutes } from './routes/auditRoutes.ts';
import { addBillRoutes } from './routes/billRoutes.ts';
import { addControlRoutes } from './routes/controlRoutes.ts';
import { addDeadLetterRoutes } from './routes/deadLetterRoutes.ts';
import { addExportRoute } from './routes/exportRoute.ts';
import { addFailureRoutes } from './routes/failureRoutes.ts';
import { addForecastRoutes } from './routes/forecastRoutes.ts';
import { addMemberRoutes } from './routes/memberRoutes.ts';
import { addMetricsRoutes } from './routes/metricsRoutes.ts';
import { addOutcomeRoutes } from './routes/outcomeRoutes.ts';
import { addPreviewRoutes } from './routes/previewRoutes.ts';
import { addProofRoutes } from './routes/proofRoutes.ts';
import { addPublishRoute } from './routes/publishRoute.ts';
import { addRunDecisionRoutes } from './routes/runs/runDecisionRoutes.ts';
import { addRunManifestRoutes } from './routes/runs/runManifestRoutes.ts';
import { addRunPrinterRoute } from './routes/runs/runPrinterRoute.ts';
import { addRunReportRoutes } from './routes/runs/runReportRoutes.ts';
import { addRunRoutes } from './routes/runs/runRoutes.ts';
import { addRunStatementRoutes } from './routes/runs/runStatementRoutes.ts';
import { addRunTestRoutes } from './routes/runs/runTestRoutes.ts';
import { addSearchRoute } from './routes/searchRoute.ts';
import { addServiceRoutes } from './routes/serviceRoutes.ts';
import { addSessionRoutes } from './routes/sessionRoutes.ts';
import { addStatusRoutes } from './routes/statusRoutes.ts';
import { addStreamRoute } from './routes/streamRoute.ts';
import { addSuppressionRoutes } from './routes/suppressionRoutes.ts';
import { addTokenRoutes } from './routes/tokenRoutes.ts';
import { addViewLinkRoutes } from './routes/viewLinkRoutes.ts';
import { addWebhookRoutes } from './routes/webhookRoutes.ts';
import { addSecurityHeaders } from './securityHeaders.ts';

const bodyLimitBytes = 1_048_576;
const headersLimitMs = 30_000;
/** Node checks twice per minute. For headers it uses the smaller of both limits. */
const arrivalLimitMs = 60_000;
const answerLimitMs = 30_000;
/**
 * The longest id of the billing system in an address: 200 characters, each up to nine in percent-encoding.
 */
const maxParamLength = 1_800;

/** The API, with all its routes, not yet listening. */
export async function createApiServer(parts: ServerDeps, receiptMeter = new ReceiptMeter()): Promise<ApiApp> {
  const lag = createLagReader(parts);
  const deps = {
    ...parts,
    lag,
    recorder: createRecorder(parts),
    live: createLiveNumbers(parts, lag),
    receiptMeter,
  };
  const app = createApp(deps);
  await addLimits(app, deps);
  await addOpenApi(app, deps);
  addTheirIds(app, deps);
  addProblemPages(app);
  addPageRoutes(app);
  addServiceRoutes(app, deps);
  addMetricsRoutes(app, deps);
  addSessionRoutes(app, deps);
  addStatusRoutes(app, deps);
  addControlRoutes(app, deps);
  addPublishRoute(app, deps);
  addRunRoutes(app, deps);
  addRunDecisionRoutes(app, deps);
  addRunReportRoutes(app, deps);
  addRunPrinterRoute(app, deps);
  addRunTestRoutes(app, deps);
  addRunStatementRoutes(app, deps);
  addRunManifestRoutes(app, deps);
  addStreamRoute(app, deps);
  addBillRoutes(app, deps);
  addPreviewRoutes(app, deps);
  addProofRoutes(app, deps);
  addViewLinkRoutes(app, deps);
  addSearchRoute(app, deps);
  addExportRoute(app, deps);
  addMemberRoutes(app, deps);
  addFailureRoutes(app, deps);
  addForecastRoutes(app, deps);
  addActionRoutes(app, deps);
  addDeadLetterRoutes(app, deps);
  addAuditRoutes(app, deps);
  addSuppressionRoutes(app, deps);
  addTokenRoutes(app, deps);
  addOutcomeRoutes(app, deps);
  addWebhookRoutes(app, deps);
  addInboundRoutes(app, deps);
  return app;
}

function createApp({ log, config }: ApiDeps): ApiApp {
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    requestIdHeader: false,
    // Whose X-Forwarded-For is believed: only that of these proxies.
    trustProxy: config.api.proxyAddresses.length > 0 && [...config.api.proxyAddresses],
    bodyLimit: bodyLimitBytes,
    http: { headersTimeout: headersLimitMs },
    requestTimeout: arrivalLimitMs,
    handlerTimeout: answerLimitMs,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    routerOptions: { ignoreTrailingSlash: false, maxParamLength },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  refuseUnguardedRoutes(app);
  replyWithProblems(app, collectRouteMethods(app), log);
  addSecurityHeaders(app);
  addRequestLog(app);
  return app;
}

/** The identity is known before the rate is limited, and its rights are checked before the body is read. */
async function addLimits(app: ApiApp, { config, database, recorder }: ApiDeps): Promise<void> {
  const identify = createIdentify(config.api, database);
  app.decorateRequest('identity', null);
  app.decorateRequest('isRecorded', false);
  await app.register(cookie);
  app.addHook('onRequest', async (request) => {
    request.identity = await identify(request);
  });
  await app.register(rateLimit, {
    max: config.api.requestsPerSecond,
    timeWindow: 1_000,
    enableDraftSpec: true,
    keyGenerator: ({ identity, ip }) => (identity === null ? `address ${ip}` : `name ${identity.name}`),
    errorResponseBuilder: () => new Problem('TOO_MANY_REQUESTS'),
  });
  app.addHook('preParsing', async (request) => {
    try {
      guard(request);
    } catch (problem) {
      const { access } = request.routeOptions.config;
      if (access !== undefined && request.identity !== null) await recorder.refused(request);
      throw problem;
    }
  });
}

/**
 * Each route names who may call it. If it changes something, it also names its access records, and answers
 * only after one is written. If a route lacks one of these, the start fails.
 */
function refuseUnguardedRoutes(app: ApiApp): void {
  app.addHook('onRoute', (route) => {
    const { permission = 'open', access, readsOnly = false } = route.config ?? {};
    if (route.config?.permission === undefined && !route.url.startsWith('/docs')) {
      throw new RangeError(`route ${route.url} names no permission`);
    }
    const changes = !readsOnly && ![route.method].flat().every((method) => isSafe(method));
    if (changes && access === undefined && permission !== 'open' && permission !== 'signedIn') {
      throw new RangeError(`route ${route.url} changes something and names no access records`);
    }
    route.config = { ...route.config, permission };
  });
  app.addHook('onSend', async ({ routeOptions: { config }, isRecorded }, reply) => {
    if (config.access !== undefined && !isRecorded && reply.statusCode < 400) {
      throw new RangeError(`an answer of ${config.access} has no access record`);
    }
  });
}
