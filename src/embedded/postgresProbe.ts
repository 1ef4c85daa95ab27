import pg from 'pg';

const DATABASE = 'billcast';
const UNKNOWN_DATABASE = '3D000';

/** The address of billcast's database on this server. */
export const databaseUrl = (port: number, password: string): string =>
  `postgres://billcast:${password}@127.0.0.1:${port}/${DATABASE}`;

/** The server's version when it answers a query, or undefined; creates billcast's database where it is missing. */
export const probePostgres = async (port: number, password: string): Promise<string | undefined> => {
  const url = databaseUrl(port, password);
  try {
    return await serverVersion(url);
  } catch (error) {
    if (!isUnknownDatabase(error)) return undefined;
    await createDatabase(url).catch(() => {});
    return serverVersion(url).catch(() => undefined);
  }
};

const serverVersion = (url: string): Promise<string | undefined> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version;
  });

const createDatabase = async (url: string): Promise<void> => {
  const anyDatabase = new URL(url);
  anyDatabase.pathname = '/postgres';
  await withClient(anyDatabase.href, (client) => client.query(`create database ${DATABASE}`));
};

const withClient = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url, ssl: false, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
};

const isUnknownDatabase = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === UNKNOWN_DATABASE;
