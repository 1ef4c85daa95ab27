import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Command } from 'commander';
import { projectDir } from '../../lib/projectDir.ts';
import { addUsage } from '../commandUsage.ts';

/** The load test is a separate program, which gets all options unchanged. */
export function defineBench(command: Command): void {
  addUsage(command, {
    examples: [
      ['bench', 'the load test: 300,000 bills, three runs'],
      ['bench --bills 50000 --runs 1', 'a short one'],
    ],
  });
  command
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
