import { channels } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import { loadWritePdf } from '../../pool/loadWritePdf.ts';
import { createBillModel } from '../../render/bill/createBillModel.ts';
import { smsByteLimit } from '../../render/bill/smsBytes.ts';
import { templateWarning } from '../../render/bill/templateWarning.ts';
import { forecastTexts } from '../../render/bill/textForecast.ts';
import { buttonsFile, type Templates } from '../../render/template/templateFiles.ts';
import { compileProjectTemplates } from '../projectTemplates.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Compiles the templates and tries their placeholders on the sample bill, as every start does. */
export async function checkTemplates(config: Config): Promise<Finding[]> {
  const templates = await compileProjectTemplates(config);
  const model = await createBillModel(config.billModel);
  const forecasts = forecastTexts({ ...config.billModel, templates, model });
  const writePdf = await loadWritePdf(config.billModel.pdf);
  const warning = templateWarning({ ...config.billModel, templates, model, writePdf });
  const longest = forecasts.map(
    ({ language, channel, usualBytes, longestBytes }) =>
      `a message by ${channels[channel].label} (${language}) usually takes up to ${usualBytes} of ` +
      `${smsByteLimit} bytes, at most ${longestBytes}`,
  );
  const without = withoutButtons(config, templates);
  if (without.length > 0) {
    return [
      warn(
        'templates',
        `they have ${buttonsFile}, and ${without.join(' and ')} sends no buttons: ` +
          'its file needs `buttons`, or remove the file of the template',
      ),
    ];
  }
  return [
    warning === undefined
      ? ok('templates', ['they compile, and every placeholder is known', ...longest].join('; '))
      : warn('templates', warning),
  ];
}

/** Providers whose files have no place for the buttons that the templates have. */
function withoutButtons({ providers, providerSettings, ladder }: Config, { languages }: Templates): string[] {
  const channelsWith = ladder.order.filter((channel) =>
    Object.values(languages).some(({ messages }) => {
      const message = messages[channel];
      return message?.kind === 'text' && message.buttons !== undefined;
    }),
  );
  return channelsWith.flatMap((channel) =>
    providers[channel].flatMap(({ name }) => {
      const send = providerSettings.mapped[name]?.mapping.send;
      const forms = channels[channel].forms.filter((form) => form !== undefined);
      return send !== undefined && forms.some((form) => send[form]?.buttons === undefined) ? [name] : [];
    }),
  );
}
