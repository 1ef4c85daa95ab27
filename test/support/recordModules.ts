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
const { RECORDED_MODULES: file = '' } = process.env;
process.on('exit', () => appendFileSync(file, `${urls.join('\n')}\n`));
