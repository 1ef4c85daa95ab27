import { channels } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import { createBillModel } from '../../render/bill/createBillModel.ts';
import { smsByteLimit } from '../../render/bill/smsBytes.ts';
import { forecastTexts, textWarning } from '../../render/bill/textForecast.ts';
import { compileProjectTemplates } from '../projectTemplates.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Compiles the templates and tries their placeholders on the sample bill, as every start does. */
export async function checkTemplates(config: Config): Promise<Finding[]> {
  const templates = await compileProjectTemplates(config);
  const model = await createBillModel(config.billModel);
  const forecasts = forecastTexts({ ...config.billModel, templates, model });
  const warning = textWarning(forecasts);
  const longest = forecasts.map(
    ({ language, channel, usualBytes, longestBytes }) =>
      `a message by ${channels[channel].label} (${language}) usually takes up to ${usualBytes} of ` +
      `${smsByteLimit} bytes, at most ${longestBytes}`,
  );
  return [
    warning === undefined
      ? ok('templates', ['they compile, and every placeholder is known', ...longest].join('; '))
      : warn('templates', warning),
  ];
}
