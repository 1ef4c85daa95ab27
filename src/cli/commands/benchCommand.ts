import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Command } from 'commander';
import { projectDir } from '../../lib/projectDir.ts';

/** The load test is a program of its own, which the service never loads: its options are passed on as they are. */
export function addBench(program: Command): void {
  program
    .command('bench')
    .description('the load test: bills per second from end to end, against the floor')
    .argument('[options...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (options: string[]) => {
      const bench = join(projectDir, 'tools', 'bench', 'runBench.ts');
      const child = spawn(process.execPath, [bench, ...options], { stdio: 'inherit' });
      await once(child, 'exit');
      process.exitCode = child.exitCode ?? 1;
    });
}
