import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Permission } from '../policy/roles.ts';
import type { Identity } from './identity/identity.ts';

/** The server as routes see it: their types come from their zod schemas. */
export type ApiApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; `open`: everybody, without a token; `signedIn`: everybody with one. */
    permission?: Permission | 'open' | 'signedIn';
    /** Who asks from this machine, and not through a proxy, needs no token. */
    openToLoopback?: boolean;
    /** It changes nothing, although it is no GET. */
    readsOnly?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; null without a valid token. */
    identity: Identity | null;
  }
}
