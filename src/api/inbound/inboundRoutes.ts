import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { receiveReceipts } from '../../operations/receiveReceipts.ts';
import { createAddressHasher } from '../../policy/addressHasher.ts';
import { inboundSourceOf, isInboundName } from '../../providers/inbound/inboundRegistry.ts';
import {
  type InboundReading,
  type InboundRequest,
  type InboundSource,
  InboundUnreadable,
} from '../../providers/inbound/inboundSource.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { countOf } from '../contract/contractShapes.ts';
import { Problem } from '../problems/problem.ts';

const params = z.object({ provider: z.string().max(40).describe('As INBOUND_SECRETS names it') });
const answer = z.object({
  fresh: countOf('Receipts that are stored now'),
  repeated: countOf('Receipts that had come before'),
  ignored: countOf('Entries that are no receipt, or that name no attempt of ours'),
});

/** A provider may send the receipts of a whole month within an hour, one per request. */
const mostPerSecond = 5_000;

/**
 * Receives webhooks of providers. Only their signatures prove them. These cover the bytes, so the body is not
 * parsed before.
 */
export function addInboundRoutes(app: ApiApp, deps: ApiDeps): void {
  const { database, config, receiptMeter } = deps;
  const addressHasher = createAddressHasher(config.cipher.keys);
  app.register(async (scope: ApiApp) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    scope.post(
      '/inbound/:provider',
      {
        config: { permission: 'open', rateLimit: { max: mostPerSecond } },
        schema: {
          tags: ['inbound'],
          summary: "A provider's receipts: who got a message, and whose came back. Signed by the provider",
          params,
          response: { 200: answer },
        },
      },
      async (request) => {
        const { provider } = request.params;
        const { receipts, ignored, confirmAt } = readGenuine(deps, request, provider);
        if (confirmAt !== undefined) {
          deps.log.warn(
            { provider, confirmAt },
            'a provider wants its webhook confirmed: open this address once',
          );
        }
        const facts = await receiveReceipts(
          { database, addressHasher, receiptMeter },
          { receipts, origin: { provider, cameBy: 'webhook' } },
        );
        return { fresh: facts.fresh, repeated: facts.repeated, ignored: ignored + facts.nameless };
      },
    );
  });
}

function readGenuine(deps: ApiDeps, request: FastifyRequest, provider: string): InboundReading {
  const { secrets } = deps.config.inbound;
  const known = isInboundName(provider) ? secrets.get(provider) : undefined;
  if (!isInboundName(provider) || known === undefined) {
    throw new Problem(
      'NOT_FOUND',
      `INBOUND_SECRETS has no secret for ${provider.replaceAll(/[^\w-]/g, '')}.`,
    );
  }
  return readBody(inboundSourceOf(provider), inboundRequestOf(deps, request), known);
}

function readBody(
  source: InboundSource,
  request: InboundRequest,
  secrets: readonly string[],
): InboundReading {
  try {
    if (!secrets.some((secret) => source.isGenuine(request, secret))) throw new Problem('SIGNATURE_WRONG');
    return source.read(request);
  } catch (error) {
    if (error instanceof InboundUnreadable) throw new Problem('BODY_UNREADABLE', error.message);
    throw error;
  }
}

function inboundRequestOf(
  { config }: ApiDeps,
  { headers, body, url, host, protocol }: FastifyRequest,
): InboundRequest {
  const base = config.inbound.url ?? `${protocol}://${host}`;
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0]])),
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    url: new URL(url, base),
  };
}
