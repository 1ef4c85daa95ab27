import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A path, relative to the working folder, in the form that `import()` takes. */
export function moduleUrl(path: string): string {
  return pathToFileURL(resolve(path)).href;
}
