import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { projectDir } from '../src/lib/projectDir.ts';
import { readImportGraph } from './support/importGraph.ts';
import { type SharedProcesses, shareProcesses } from './support/sharedProcesses.ts';
import { type Need, needsOf, opensConnections } from './support/testNeeds.ts';

/** A test that hangs fails. Both limits are more than twice what the slowest takes on two slow cores. */
const fileTimeoutMs = 600_000;
const testTimeoutMs = 400_000;

/** Slow files come first, so that none of them runs alone at the end. */
const slowestFirst: readonly Need[] = ['processes', 'kafka', 'time'];

/** One more than two cores: some tests wait for time-outs, servers and processes. */
const processes = Math.max(3, availableParallelism() - 1);

/** To load the sources takes a process seconds, so that few files need no process more. */
const unitFilesPerProcess = 30;

/** Fewer, since these take longer, and the last process should not run alone for long. */
const databaseFilesPerProcess = 8;

/** Per byte of unit tests, those that open connections took about this many times as long as others. */
const slownessOfConnections = 5;

/** Proofs of many minutes. They run only if they are named. */
const longFolder = 'test/long/';

interface TestFile {
  readonly path: string;
  readonly needs: ReadonlySet<Need>;
  readonly opensConnections: boolean;
}

/**
 * Runs the tests, or those below the paths that are named: `npm test -- test/db test/relay/relay.test.ts`. If
 * one of them needs Kafka or PostgreSQL, an embedded one runs meanwhile, with its data in `.billcast/test`.
 * Those that the settings name are never used. `--unit` runs the files that need no server, start no process
 * and take little time. These share a few processes.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { unit: { type: 'boolean', default: false }, coverage: { type: 'boolean', default: false } },
  });
  refuseDotEnv();
  const files = chooseFiles(positionals, values.unit);
  if (!values.coverage) keepCompiled();
  const servers = await openServers(files);
  try {
    await runFiles(files, values.coverage);
  } finally {
    await servers?.close();
  }
}

/** @throws Error if programs that tests start would read somebody's settings */
function refuseDotEnv(): void {
  const file = join(projectDir, '.env');
  if (existsSync(file)) throw new Error(`tests would read the settings of ${file}: move it away meanwhile`);
}

/**
 * Hundreds of processes load the same sources, so each source is compiled once. Coverage is less exact for
 * what comes from this cache.
 */
function keepCompiled(): void {
  const folder = join(projectDir, '.billcast', 'compiled');
  enableCompileCache(folder);
  process.env.NODE_COMPILE_CACHE = folder;
}

/** @throws Error if there are none, since `run` would then choose files by its own rules */
function chooseFiles(below: readonly string[], unit: boolean): readonly TestFile[] {
  const graph = readImportGraph();
  const files = graph.files
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) =>
      below.length === 0 ? !path.startsWith(longFolder) : below.some((part) => path.startsWith(part)),
    )
    .map((path) => ({
      path,
      needs: needsOf(graph, path),
      opensConnections: opensConnections(graph, path),
    }))
    .filter(({ needs }) => !unit || needs.size === 0);
  if (files.length === 0) throw new Error(`there are no such tests below ${below.join(', ') || 'test'}`);
  return files;
}

async function openServers(files: readonly TestFile[]) {
  const needs = {
    kafka: files.some((file) => file.needs.has('kafka')),
    postgres: files.some((file) => file.needs.has('postgres')),
  };
  if (!needs.kafka && !needs.postgres) return undefined;
  // What starts servers takes a while to load.
  const { kafkaVersion } = await import('../src/embedded/kafkaJars.ts');
  const { embeddedSuperuserUrl, openEmbedded } = await import('../src/embedded/openEmbedded.ts');
  const dataDir = join(projectDir, '.billcast', 'test');
  const servers = await openEmbedded({
    dataDir,
    jarsDir: join(projectDir, '.billcast', 'kafka', `jars-${kafkaVersion}`),
    needs,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  if (needs.kafka) process.env.KAFKA_BROKERS = servers.kafkaBrokers;
  if (!needs.postgres) return servers;
  // Tests make databases, users and extensions, and change settings.
  process.env.DATABASE_URL = await embeddedSuperuserUrl({ dataDir });
  const { makeTemplateDatabase } = await import('./support/testDatabase.ts');
  const template = await makeTemplateDatabase();
  return {
    close: async () => {
      await template.drop();
      await servers.close();
    },
  };
}

/** Sets the exit code to 1 if a test fails. */
async function runFiles(files: readonly TestFile[], coverage: boolean): Promise<void> {
  const hang = new AbortController();
  const atOnce = processesFor(files);
  using groups = groupFiles(files, atOnce);
  const events = run({
    files: [...groups.paths],
    cwd: projectDir,
    signal: hang.signal,
    isolation: 'process',
    concurrency: atOnce,
    execArgv: [`--test-timeout=${testTimeoutMs}`],
    ...(coverage && { coverage, coverageIncludeGlobs: ['src/**'], coverageExcludeGlobs: ['test/**'] }),
  });
  events.on('test:fail', () => {
    process.exitCode = 1;
  });
  endHangs(events, hang);
  for await (const line of events.compose(spec)) process.stdout.write(line);
}

/** One more if no server takes a part of the cores. */
function processesFor(files: readonly TestFile[]): number {
  return files.every(({ needs }) => needs.size === 0) ? processes + 1 : processes;
}

/** Files that need no server, or only PostgreSQL, share processes. Each other file has its own process. */
function groupFiles(files: readonly TestFile[], atOnce: number): SharedProcesses {
  const alone = files.filter(({ needs }) => slowestFirst.some((need) => needs.has(need)));
  const pathsOf = (group: readonly TestFile[]) => group.map(({ path }) => path);
  const sharing = files.filter((file) => !alone.includes(file));
  const units = pathsOf(sharing.filter(({ needs }) => needs.size === 0));
  const databases = pathsOf(sharing.filter(({ needs }) => needs.size > 0));
  const unitProcesses = Math.min(atOnce, Math.ceil(units.length / unitFilesPerProcess));
  const databaseProcesses = Math.ceil(databases.length / databaseFilesPerProcess);
  const open = new DisposableStack();
  const connecting = new Set(pathsOf(sharing.filter((file) => file.opensConnections)));
  const slownessOf = (path: string) => (connecting.has(path) ? slownessOfConnections : 1);
  const shared = [
    shareProcesses(units, { name: 'unit', processes: unitProcesses, asSuites: false, slownessOf }),
    shareProcesses(databases, { name: 'database', processes: databaseProcesses, asSuites: true }),
  ].flatMap((group) => open.use(group).paths);
  return {
    paths: [
      ...pathsOf(alone.toSorted((a, b) => rankOf(a) - rankOf(b))).map((path) => join(projectDir, path)),
      ...shared,
    ],
    [Symbol.dispose]: () => open.dispose(),
  };
}

function rankOf({ needs }: TestFile): number {
  return slowestFirst.findIndex((need) => needs.has(need));
}

/** Node limits the time per test, but not per file. A file whose process hangs ends the whole run. */
function endHangs(events: ReturnType<typeof run>, hang: AbortController): void {
  const running = new Map<string, NodeJS.Timeout>();
  const end = (file: string | undefined): void => {
    if (file !== undefined) clearTimeout(running.get(file));
  };
  events.on('test:dequeue', ({ name, file }) => {
    if (file === undefined || name !== file) return;
    const stop = (): void => {
      process.stderr.write(`${file} runs for more than ${fileTimeoutMs / 60_000} minutes, so the run ends\n`);
      process.exitCode = 1;
      hang.abort();
    };
    running.set(file, setTimeout(stop, fileTimeoutMs).unref());
  });
  events.on('test:summary', ({ file }) => end(file));
  events.on('test:fail', ({ name, file }) => end(name === file ? file : undefined));
}

await main();
