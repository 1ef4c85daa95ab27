import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { ApiApp } from '../../src/api/apiApp.ts';
import { bearer, createTestApi, everyToken } from '../support/testApi.ts';

/** What the document says of a value, as far as its routes use it. */
interface ValueSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly items?: ValueSchema;
  readonly anyOf?: readonly ValueSchema[];
  readonly oneOf?: readonly ValueSchema[];
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly schema: ValueSchema;
}

const values = [
  ...['0', '1', '00', '-1', '1.5', '1e300', '9223372036854775807', '9300000000000000000', '2147483648'],
  ...['true', 'TRUE', 'yes', 'no', 'EMAIL', 'email', 'admin', '2026-11', '0000-00', 'a b', '\u{1f600}'],
  ...[
    '01a227ba-a53c-776b-b69a-f5922082b476',
    '01a227baa53c776bb69af5922082b476',
    '1.1',
    '2026-11-01T00:00:00Z',
  ],
];

/** Which part of a request has the values of each place. */
const pointers: Readonly<Record<string, string>> = { path: 'params', query: 'querystring' };

function allows(schema: ValueSchema, text: string): boolean {
  if (schema.type === 'string') {
    return (
      (schema.enum?.includes(text) ?? true) &&
      new RegExp(schema.pattern ?? '', 'u').test(text) &&
      [...text].length >= (schema.minLength ?? 0) &&
      [...text].length <= (schema.maxLength ?? Number.POSITIVE_INFINITY)
    );
  }
  const number = Number(text);
  return (
    (schema.type === 'integer' ? Number.isInteger(number) : !Number.isNaN(number)) &&
    number >= (schema.minimum ?? Number.NEGATIVE_INFINITY) &&
    number <= (schema.maximum ?? Number.POSITIVE_INFINITY)
  );
}

/** Whether the request is refused for this value. What the answer is else does not matter. */
async function isRefused(app: ApiApp, url: string, pointer: string): Promise<boolean> {
  const answer = await app.inject({ url, headers: bearer('admin') });
  if (answer.statusCode !== 400) return false;
  const errors: { readonly pointer: string }[] = answer.json().errors ?? [];
  return errors.some((error) => error.pointer.startsWith(pointer));
}

/** The address with this value, and any that is allowed for what else is in its path. */
function addressOf(
  path: string,
  parameters: readonly Parameter[],
  { name, ...of }: Parameter,
  value: string,
) {
  const written = encodeURIComponent(value);
  const address = path.replaceAll(/\{(\w+)\}/g, (_, other) => {
    const schema = parameters.find((parameter) => parameter.name === other)?.schema ?? assert.fail();
    return other === name ? written : (values.find((any) => allows(schema, any)) ?? assert.fail(other));
  });
  return of.in === 'path' ? address : `${address}?${name}=${written}`;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: ValueSchema }>> };
}

/** These are hashed, or compared with what is known. */
const neverKept = [
  ...['/api/v1/session/token', '/api/v1/members/search/contact', '/api/v1/suppressions/search/contact'],
  '/inbound/{provider} provider',
  ...['/api/v1/runs/plan/windows/timeZone', '/api/v1/runs/{runId}/change/plan/windows/timeZone'],
  '/api/v1/runs/{runId}/statements encoding',
];

/** The texts in a value that may have a NUL. */
function textsOf(schema: ValueSchema, at: string): string[] {
  const { properties = {}, items, anyOf = [], oneOf = [], ...value } = schema;
  const isText = value.type === 'string' && value.enum === undefined;
  return [
    ...(isText && allows({ ...value, minLength: 0 }, '\0') ? [at] : []),
    ...Object.entries(properties).flatMap(([name, property]) => textsOf(property, `${at}/${name}`)),
    ...[...anyOf, ...oneOf, ...(items === undefined ? [] : [items])].flatMap((part) => textsOf(part, at)),
  ];
}

/** As the document has them. */
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

async function pathsOf(app: ApiApp): Promise<Paths> {
  return (await app.inject('/api/v1/openapi.json')).json().paths;
}

describe('the document', () => {
  let app: ApiApp;
  let paths: Paths;
  before(async () => {
    app = await createTestApi({
      environment: { API_TOKENS: everyToken, API_REQUESTS_PER_SECOND: '100000' },
    });
    paths = await pathsOf(app);
  });

  it('says exactly which values a path and a query may have', async () => {
    const wrong: string[] = [];
    for (const [path, { get }] of Object.entries(paths)) {
      const parameters = get?.parameters ?? [];
      for (const parameter of parameters.filter(({ in: place }) => place in pointers)) {
        for (const value of values) {
          const url = addressOf(path, parameters, parameter, value);
          const pointer = `/${pointers[parameter.in]}/${parameter.name}`;
          if ((await isRefused(app, url, pointer)) === allows(parameter.schema, value)) wrong.push(url);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('says exactly which texts a reason may have', async () => {
    const { requestBody } = paths['/api/v1/pause']?.post ?? {};
    const { properties } = requestBody?.content['application/json']?.schema ?? {};
    for (const reason of [
      'abc',
      '\u{1f600}\u{1f600}\u{1f600}',
      '\u0085abc',
      'ab\u0000c',
      'ab\u007fc',
      'a\u2028c',
    ]) {
      const request = { method: 'POST', url: '/api/v1/pause', headers: bearer('admin') } as const;
      const { statusCode } = await app.inject({ ...request, payload: { reason } });
      assert.equal(
        statusCode !== 400,
        allows(properties?.reason ?? assert.fail(), reason),
        JSON.stringify(reason),
      );
    }
  });

  it('refuses in every text that is kept what PostgreSQL cannot keep', async () => {
    const open = Object.entries(paths).flatMap(([path, operations]) =>
      Object.values(operations).flatMap(({ parameters = [], requestBody }) => [
        ...parameters.flatMap(({ name, schema }) => textsOf(schema, `${path} ${name}`)),
        ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => textsOf(schema, path)),
      ]),
    );
    assert.deepEqual(new Set(open), new Set(neverKept));
    const request = { method: 'POST', url: '/api/v1/pause', headers: bearer('admin') } as const;
    const { statusCode } = await app.inject({ ...request, payload: { reason: 'abc\ud800' } });
    assert.equal(statusCode, 400);
  });

  it("leaves open which ids the billing system's are", async () => {
    const theirs = await createTestApi({
      environment: { BILL_ID_KIND: 'uuid', SOURCE_DIR: 'examples/bank-statement/source' },
    });
    const idIn = (described: Paths): ValueSchema =>
      described['/api/v1/bills/{billId}']?.get?.parameters?.[0]?.schema ?? assert.fail();
    assert.equal(allows(idIn(paths), '7'), true);
    assert.equal(allows(idIn(paths), 'B-7'), false);
    assert.equal(allows(idIn(await pathsOf(theirs)), 'B-7'), true);
  });
});
