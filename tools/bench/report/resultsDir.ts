import { join } from 'node:path';
import { projectDir } from '../../../src/lib/projectDir.ts';

/** Where `--save` keeps results, from which BENCHMARKS.md is made. */
export const resultsDir = join(projectDir, 'tools', 'bench', 'results');
