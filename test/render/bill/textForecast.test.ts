import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readTemplates } from '../../../src/pool/readTemplates.ts';
import { forecastTexts, sizeText, textWarning } from '../../../src/render/bill/textForecast.ts';
import { compileTemplates } from '../../../src/render/template/templates.ts';

const sources = await readTemplates(join(import.meta.dirname, '../../../templates'));
async function forecastOf(sms: string) {
  const forecasts = forecastTexts(await compileTemplates({ ...sources, 'bill.sms.txt': sms }));
  const [forecast, ...others] = forecasts;
  assert.ok(forecast?.channel === 'SMS' && others.length === 0);
  return forecast;
}

describe('the forecast of the SMS', () => {
  it('has no warning for the template of the project, with the longest values too', async () => {
    const forecast = await forecastOf(sources['bill.sms.txt']);
    assert.equal(textWarning([forecast]), undefined);
    assert.ok(forecast.longestBytes <= 90, String(forecast.longestBytes));
    assert.ok(forecast.usualBytes < forecast.longestBytes);
  });

  it('warns of a template that is an LMS for everybody, and says how long it is', async () => {
    const forecast = await forecastOf(`${sources['bill.sms.txt'].trimEnd()} 자세한 내용은 고객센터 114`);
    assert.match(textWarning([forecast]) ?? '', new RegExp(`up to ${forecast.usualBytes} bytes .* LMS`));
    assert.ok(forecast.usualBytes > 90);
  });

  it('names what phones do not get', async () => {
    const warning = textWarning([await forecastOf('{{memberName}}님 ₩ 🎉 {{totalBilled}}')]);
    assert.match(warning ?? '', /replaced: ₩ 🎉$/);
  });

  it('says SMS or LMS', () => {
    assert.equal(sizeText(77), 'SMS 77/90 bytes');
    assert.equal(sizeText(91), 'LMS 91 bytes, as an SMS holds 90');
  });
});
