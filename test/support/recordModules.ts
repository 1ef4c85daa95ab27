import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Loaded by `--import`: appends the URLs of all modules of each thread to the file `RECORDED_MODULES`. */
const urls: string[] = [];
registerHooks({
  load(url, context, next) {
    urls.push(url);
    return next(url, context);
  },
});
process.on('exit', () => appendFileSync(process.env['RECORDED_MODULES'] ?? '', `${urls.join('\n')}\n`));
