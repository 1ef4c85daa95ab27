import { join } from 'node:path';
import { projectDir } from '../../src/config.ts';

/** Where `--save` keeps results, from which BENCHMARKS.md is made. */
export const resultsDir = join(projectDir, 'bench', 'results');
