import { type Channel, channelNames, channels } from '../../channels.ts';
import { createByteWriter } from '../template/byteWriter.ts';
import { createPrinter, type Scope } from '../template/printer.ts';
import { type Templates, type TextTemplates, templateFilesOf } from '../template/templateFiles.ts';
import type { BillModel } from './billModel.ts';
import { createLanguageFormat, type FormatOptions } from './languageFormat.ts';
import { asSmsText, smsByteLimit } from './smsBytes.ts';

/** How long a channel's short texts get, in bytes of CP949. */
export interface TextForecast {
  readonly language: string;
  readonly channel: Channel;
  /**
   * The size with the longest usual values: a name of four syllables, an amount of six digits, a day of two.
   */
  readonly usualBytes: number;
  /** The size with a name as long as masking allows, and an amount of ten digits. */
  readonly longestBytes: number;
  /** Characters of the template that CP949 does not have, each once. */
  readonly replaced: readonly string[];
}

/** What a forecast is made with. */
export interface ForecastDeps extends FormatOptions {
  readonly templates: Templates;
  readonly model: BillModel;
}

/** The forecast of each language and each channel that sends short texts; none if members live abroad. */
export function forecastTexts({ templates, model, ...options }: ForecastDeps): TextForecast[] {
  return Object.entries(templates.languages).flatMap(([language, { words, messages }]) => {
    const views = model.textForecast(createLanguageFormat(words, options));
    if (views === undefined) return [];
    return channelNames.flatMap((channel) => {
      const ofChannel = messages[channel];
      const isSms = channels[channel].forms.includes('sms');
      return ofChannel?.kind === 'text' && isSms
        ? [{ language, channel, ...forecastOf(ofChannel, views) }]
        : [];
    });
  });
}

type Lengths = Omit<TextForecast, 'language' | 'channel'>;

function forecastOf(
  { text }: TextTemplates,
  views: NonNullable<ReturnType<BillModel['textForecast']>>,
): Lengths {
  const print = createPrinter(text, 'text');
  const textOf = (view: Scope): string => {
    const out = createByteWriter(256);
    print(view, out);
    return out.cutText(0);
  };
  const usual = asSmsText(textOf(views.usual));
  return {
    usualBytes: usual.bytes,
    longestBytes: asSmsText(textOf(views.longest)).bytes,
    replaced: usual.replaced,
  };
}

/** Warnings about the short texts, for before a month goes out. */
export function textWarnings(forecasts: readonly TextForecast[]): string[] {
  return forecasts.flatMap(warningsOf);
}

function warningsOf({ language, channel, usualBytes, replaced }: TextForecast): string[] {
  const file = `${language}/${templateFilesOf(channel).join()}`;
  const warnings: string[] = [];
  if (usualBytes > smsByteLimit) {
    warnings.push(
      `a message by ${channels[channel].label} takes up to ${usualBytes} bytes ` +
        `for usual values and goes out as LMS: shorten ${file} to ${smsByteLimit}`,
    );
  }
  if (replaced.length > 0) {
    warnings.push(
      `${file} has characters that phones in Korea cannot show and that are replaced: ${replaced.join(' ')}`,
    );
  }
  return warnings;
}

/** `68/90 bytes`, with the limit of an SMS or of an LMS. */
export function sizeText(bytes: number): string {
  return bytes <= smsByteLimit
    ? `SMS ${bytes}/${smsByteLimit} bytes`
    : `LMS ${bytes} bytes, as an SMS holds ${smsByteLimit}`;
}
