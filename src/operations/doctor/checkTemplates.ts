import { join } from 'node:path';
import { projectDir } from '../../lib/projectDir.ts';
import { compileInThread } from '../../pool/compileInThread.ts';
import { readTemplates } from '../../pool/readTemplates.ts';
import { smsByteLimit } from '../../render/bill/smsBytes.ts';
import { forecastSms, smsWarning } from '../../render/bill/smsForecast.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Compiles the templates and tries their placeholders on the sample bill, as a start does. */
export async function checkTemplates(): Promise<Finding[]> {
  const forecast = forecastSms(await compileInThread(await readTemplates(join(projectDir, 'templates'))));
  const warning = smsWarning(forecast);
  const longest = `an SMS takes up to ${forecast.usualBytes} of ${smsByteLimit} bytes, ${forecast.longestBytes} at most`;
  return [
    warning === undefined
      ? ok('templates', `they compile, and every placeholder is known; ${longest}`)
      : warn('templates', warning),
  ];
}
