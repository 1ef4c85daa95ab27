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
    /** A request from this machine that does not come through a proxy needs no token. */
    openToLoopback?: boolean;
    /** It changes nothing, although it is not a GET. */
    readsOnly?: boolean;
  }
  interface FastifyRequest {
    /** The identity behind the request; null without a valid token. */
    identity: Identity | null;
  }
}
