import { chown, stat } from 'node:fs/promises';
import { BillcastError } from '../errors.ts';
import { type CommandOptions, run } from './runCommand.ts';

/**
 * The user that runs PostgreSQL: the command line follows `prefix`; `ids` are options of the child process.
 */
export interface ServerUser {
  readonly prefix: readonly string[];
  readonly ids: { uid?: number; gid?: number };
}

/** Capabilities that let a server user pass through folders of root, the weaker one first. */
const capabilities = ['dac_read_search', 'dac_override'];

/**
 * PostgreSQL refuses to run as root. So root runs it as the owner of `folder`. If root owns the folder too,
 * root runs it as the system user `postgres`, who is created if missing and gets the folder. If that user
 * cannot reach `paths`, on Linux setpriv(1) gives it the one capability it needs. Anyone else runs it as
 * themselves.
 * @throws BillcastError EMBEDDED_FAILED if there is no such user, or it cannot reach the paths
 */
export async function serverUser({
  folder,
  paths,
  onProgress,
}: {
  folder: string;
  paths: readonly string[];
  onProgress: (line: string) => void;
}): Promise<ServerUser> {
  const owner = await stat(folder);
  if (process.getuid?.() !== 0) {
    if (owner.uid === process.getuid?.()) return { prefix: [], ids: {} };
    throw new BillcastError(
      'EMBEDDED_FAILED',
      `${folder} belongs to another user: run billcast as that user or as root.`,
    );
  }
  const ids = owner.uid === 0 ? await postgresIds(onProgress) : { uid: owner.uid, gid: owner.gid };
  if (owner.uid === 0) await chown(folder, ids.uid, ids.gid);
  if (await canReach([], { ...ids, cwd: '/' }, paths)) return { prefix: [], ids };
  for (const capability of capabilities) {
    const prefix = setpriv(ids, capability);
    if (await canReach(prefix, { cwd: '/' }, paths)) {
      onProgress(
        `PostgreSQL runs with the capability CAP_${capability.toUpperCase()}, because its user may not ` +
          `enter ${folder}. It needs none in a folder open to everybody, or if another user than root ` +
          'runs it.',
      );
      return { prefix, ids: {} };
    }
  }
  const message =
    `The system user that runs PostgreSQL cannot enter ${folder}: move the project out ` +
    'of a private folder.';
  throw new BillcastError('EMBEDDED_FAILED', message);
}

function setpriv({ uid, gid }: { uid: number; gid: number }, capability: string): string[] {
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
  ];
}

async function canReach(
  prefix: readonly string[],
  options: CommandOptions,
  paths: readonly string[],
): Promise<boolean> {
  const script = 'for path in "$@"; do test -x "$path" || exit 1; done';
  const [command = 'sh', ...args] = [...prefix, 'sh', '-c', script, 'sh', ...paths];
  return (await run(command, args, options)).kind === 'done';
}

async function postgresIds(onProgress: (line: string) => void): Promise<{ uid: number; gid: number }> {
  const known = (await idsOf('postgres')) ?? (await idsOf('_postgres'));
  if (known !== undefined) return known;
  onProgress('Adding the system user "postgres", because PostgreSQL does not run as root.');
  const created = await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  const ids = await idsOf('postgres');
  if (ids !== undefined) return ids;
  const message =
    'PostgreSQL does not run as root: add a system user "postgres", or run billcast as another user.';
  throw new BillcastError(
    'EMBEDDED_FAILED',
    message,
    created.kind === 'done' ? {} : { cause: created.cause },
  );
}

async function idsOf(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  if (uid.kind !== 'done' || gid.kind !== 'done') return undefined;
  return { uid: Number(uid.output), gid: Number(gid.output) };
}
