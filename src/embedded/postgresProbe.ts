import pg from 'pg';

const databaseName = 'billcast';
const notSetUp = ['3D000', '28P01'];

/** The address of billcast's database on this server. */
export function databaseUrl(port: number, password: string): string {
  return `postgres://billcast:${password}@127.0.0.1:${port}/${databaseName}`;
}

/** The same database for the superuser, for what billcast's own user may not do. */
export function superuserUrl(port: number, password: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${databaseName}`;
}

export interface Passwords {
  readonly billcast: string;
  /** Undefined if billcast is the superuser. */
  readonly superuser: string | undefined;
}

/** The server's version if it answers a query. Creates billcast's user and database if they are missing. */
export async function probePostgres(port: number, passwords: Passwords): Promise<string | undefined> {
  const url = databaseUrl(port, passwords.billcast);
  try {
    return await serverVersion(url);
  } catch (error) {
    if (!isNotSetUp(error)) return undefined;
    await setUp(port, passwords).catch(() => {});
    return serverVersion(url).catch(() => undefined);
  }
}

function serverVersion(url: string): Promise<string | undefined> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version;
  });
}

/** If a start was killed, some of these steps may be done already. */
async function setUp(port: number, { billcast, superuser }: Passwords): Promise<void> {
  const url = superuser === undefined ? databaseUrl(port, billcast) : superuserUrl(port, superuser);
  const anyDatabase = new URL(url);
  anyDatabase.pathname = '/postgres';
  await withClient(anyDatabase.href, async (client) => {
    if (superuser !== undefined) await makeUser(client, billcast);
    await client.query(`create database ${databaseName} owner billcast`);
  });
}

/** Not a superuser: it cannot read or write files of the machine, or run programs. */
async function makeUser(client: pg.Client, password: string): Promise<void> {
  const { rowCount } = await client.query(`select from pg_roles where rolname = 'billcast'`);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await client.query(
    `${verb} role billcast login createdb nosuperuser password ${client.escapeLiteral(password)}`,
  );
  await client.query('grant pg_monitor to billcast');
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, ssl: false, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

function isNotSetUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && notSetUp.includes(String(error.code));
}
