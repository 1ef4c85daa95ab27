import { join } from 'node:path';
import { projectDir } from '../../../src/lib/projectDir.ts';

/** The folder of saved results, from which BENCHMARKS.md is made. */
export const resultsDir = join(projectDir, 'tools', 'bench', 'results');
