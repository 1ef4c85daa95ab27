import { createHmac, randomUUID } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import type { Mapping, Signing } from './mappingSchema.ts';
import { compileText } from './placeholders.ts';

/** A request before its headers are made. */
export interface UnsignedRequest {
  readonly method: 'GET' | 'POST';
  /** The path with its query. */
  readonly path: string;
  readonly body?: Uint8Array | undefined;
  /** The key of the attempt, or of the batch. */
  readonly key: string;
  /** The number of this hand-off of the attempt, from 1. */
  readonly attempt: number;
}

export type HeaderValues = Readonly<Record<string, string>>;

/** Makes all headers of a request, right before it is sent, since they contain its time and its signature. */
export type SignRequest = (request: UnsignedRequest) => Promise<HeaderValues>;

export function createSigner(
  mapping: Pick<Mapping, 'origin' | 'headers' | 'signing' | 'idempotency'>,
  ownHeaders: HeaderValues,
): SignRequest {
  const { origin, signing, idempotency } = mapping;
  const writeHeaders = compileHeaders({ ...mapping.headers, ...ownHeaders });
  const writeKey = compileHeaders(
    idempotency === undefined ? {} : { [idempotency.header]: idempotency.value },
  );
  const sign = signing === undefined ? undefined : compileSigning(signing, origin);
  return async (request) => {
    const values = valuesOf(request);
    const headers = { ...writeHeaders(values), ...(request.method === 'POST' ? writeKey(values) : {}) };
    return sign === undefined ? headers : { ...headers, ...(await sign(request, values)) };
  };
}

type FieldOf = (field: string) => string;

/** The values of the places; time and salt are the same in all headers of a request. */
function valuesOf({ method, path, key, attempt }: UnsignedRequest): FieldOf {
  const now = new Date();
  const values: HeaderValues = {
    method,
    path,
    key,
    attempt: String(attempt),
    unixMs: String(now.getTime()),
    unixSeconds: String(Math.floor(now.getTime() / 1_000)),
    isoTime: now.toISOString(),
    salt: randomUUID().replaceAll('-', ''),
  };
  return (field) => values[field] ?? '';
}

function compileHeaders(headers: HeaderValues): (fieldOf: FieldOf) => HeaderValues {
  const written = Object.entries(headers).map(([name, text]) => [name, compileText(text)] as const);
  return (fieldOf) => Object.fromEntries(written.map(([name, write]) => [name, write(fieldOf)]));
}

type Sign = (request: UnsignedRequest, fieldOf: FieldOf) => HeaderValues | Promise<HeaderValues>;

function compileSigning(signing: Signing, origin: string): Sign {
  switch (signing.kind) {
    case 'bearer':
      return fixed(`Bearer ${signing.token}`);
    case 'basic':
      return fixed(`Basic ${Buffer.from(`${signing.user}:${signing.password}`).toString('base64')}`);
    case 'hmac':
      return compileHmac(signing);
    case 'sigv4':
      return compileSigV4(signing, origin);
    default:
      return signing satisfies never;
  }
}

function fixed(authorization: string): Sign {
  const headers = { authorization };
  return () => headers;
}

/** Signs like SOLAPI and Naver Cloud: by the HMAC of a text that the file describes. */
function compileHmac({ algorithm, key, over, encoding, headers }: Extract<Signing, { kind: 'hmac' }>): Sign {
  const writeSigned = compileText(over);
  const writeHeaders = compileHeaders(headers);
  return (_request, fieldOf) => {
    const signature = createHmac(algorithm, key).update(writeSigned(fieldOf)).digest(encoding);
    return writeHeaders((field) => (field === 'signature' ? signature : fieldOf(field)));
  };
}

/** Signs by AWS Signature Version 4. */
function compileSigV4(signing: Extract<Signing, { kind: 'sigv4' }>, origin: string): Sign {
  const { service, region, accessKeyId, secretAccessKey, sessionToken } = signing;
  const cache = new Map<string, ArrayBuffer>();
  return async ({ method, path, body }) => {
    const signer = new AwsV4Signer({
      method,
      url: `${origin}${path}`,
      body: body === undefined ? '' : (body as Uint8Array<ArrayBuffer>),
      service,
      region,
      accessKeyId,
      secretAccessKey,
      cache,
      ...(sessionToken === undefined || sessionToken === '' ? {} : { sessionToken }),
    });
    const { headers } = await signer.sign();
    return Object.fromEntries(headers);
  };
}
