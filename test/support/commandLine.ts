import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectDir } from '../../src/lib/projectDir.ts';
import { bareEnvironment } from './bareEnvironment.ts';
import { testKafkaBrokers } from './testKafka.ts';

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `billcast` as a person does, with these settings and no others. */
export async function runBillcast(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  input = '',
): Promise<Run> {
  const file = join(projectDir, 'src/cli/billcast.ts');
  const child = spawn(process.execPath, [file, ...args], { env: { ...bareEnvironment, ...settings } });
  child.stdin.on('error', () => undefined).end(input);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, err };
}

/** The same on a test's own database. */
export interface CommandLine {
  run(args: readonly string[], input?: string): Promise<Run>;
  /** The facts that it prints; fails if it does not exit 0. */
  facts(args: readonly string[], input?: string): Promise<Record<string, unknown>>;
}

export function createCommandLine(databaseUrl: () => string): CommandLine {
  const run: CommandLine['run'] = (args, input) =>
    runBillcast(args, { DATABASE_URL: databaseUrl(), KAFKA_BROKERS: testKafkaBrokers() }, input);
  return {
    run,
    async facts(args, input) {
      const { code, out, err } = await run([...args, '--json'], input);
      assert.equal(code, 0, err);
      return JSON.parse(out);
    },
  };
}
