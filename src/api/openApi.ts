import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifySchema } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { billIdPattern } from '../bill.ts';
import { type Permission, rolesWith } from '../policy/roles.ts';
import type { ApiApp } from './apiApp.ts';
import type { ApiDeps } from './apiDeps.ts';
import { problemResponse } from './contract/contractShapes.ts';

/** The page of the document may run only its own scripts, and connect to no other host. */
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type OpenApiDeps = Pick<ApiDeps, 'build' | 'config'>;

/**
 * Serves OpenAPI 3.1 at `/api/v1/openapi.json`, made from the schemas of the routes, and a page for people at
 * `/docs`.
 */
export async function addOpenApi(app: ApiApp, { config, build: { version } }: OpenApiDeps): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'billcast',
        version,
        description: "Sends a month's bills: what went out, what did not, why, and what to do about it.",
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'A token of API_TOKENS, or one that an administrator made',
          },
          session: { type: 'apiKey', in: 'cookie', name: 'billcast_session' },
        },
      },
    },
    transform: (input) => {
      const permission = input.route.config?.permission;
      const isOpen = permission === undefined || permission === 'open';
      const { schema, url } = jsonSchemaTransform({ ...input, schema: withProblems(input.schema) });
      return {
        url,
        schema: {
          ...(config.source.idKind === 'bigint' ? schema : withTheirIds(schema)),
          security: isOpen ? [] : [{ bearer: [] }, { session: [] }],
          ...(input.route.config?.access !== undefined && { 'x-records': input.route.config.access }),
          ...(!isOpen && { 'x-roles': permission === 'signedIn' ? rolesOfAll() : rolesWith(permission) }),
        },
      };
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: docsPolicy,
    uiConfig: { url: '/api/v1/openapi.json', validatorUrl: null, deepLinking: true },
  });
}

/** The billing system's ids have another form than ours. */
function withTheirIds(schema: FastifySchema): FastifySchema {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === 'pattern' && value === billIdPattern.source ? undefined : value,
  );
}

/** Adds the answer that every route has: a problem document. */
function withProblems(schema: FastifySchema): FastifySchema {
  return { ...schema, response: { ...Object(schema.response), default: problemResponse } };
}

function rolesOfAll() {
  return rolesWith('read' satisfies Permission);
}
