import type { WritePdf } from '../pdf/attachment.ts';
import { letterWarnings } from '../pdf/letterWarnings.ts';
import { type ForecastDeps, forecastTexts, textWarnings } from './textForecast.ts';

/** What a person should know of the messages before a month goes out; undefined if all is well. */
export function templateWarning({
  writePdf,
  ...deps
}: ForecastDeps & { readonly writePdf: WritePdf | undefined }): string | undefined {
  const warnings = [
    ...textWarnings(forecastTexts(deps)),
    ...(writePdf === undefined
      ? []
      : letterWarnings(deps.templates, deps.model.sampleViews().email, writePdf)),
  ];
  return warnings.length === 0 ? undefined : warnings.join('; ');
}
