import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A path of the working folder, as `import()` takes it. */
export function moduleUrl(path: string): string {
  return pathToFileURL(resolve(path)).href;
}
