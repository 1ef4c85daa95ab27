import { channels } from '../../channels.ts';
import { smsByteLimit } from '../../render/bill/smsBytes.ts';
import { forecastTexts, textWarning } from '../../render/bill/textForecast.ts';
import { compileProjectTemplates } from '../projectTemplates.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Compiles the templates and tries their placeholders on the sample bill, as every start does. */
export async function checkTemplates(): Promise<Finding[]> {
  const forecasts = forecastTexts(await compileProjectTemplates());
  const warning = textWarning(forecasts);
  const longest = forecasts.map(
    ({ channel, usualBytes, longestBytes }) =>
      `a message by ${channels[channel].label} usually takes up to ${usualBytes} of ` +
      `${smsByteLimit} bytes, at most ${longestBytes}`,
  );
  return [
    warning === undefined
      ? ok('templates', ['they compile, and every placeholder is known', ...longest].join('; '))
      : warn('templates', warning),
  ];
}
