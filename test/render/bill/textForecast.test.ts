import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTablesModel } from '../../../src/render/bill/tablesModel.ts';
import { forecastTexts, sizeText, textWarnings } from '../../../src/render/bill/textForecast.ts';
import type { Templates } from '../../../src/render/template/templateFiles.ts';
import { compileOurTemplates, compileSet, ourTemplateSet, withFiles } from '../../support/ourTemplates.ts';

const ourSms = ourTemplateSet.files['ko/sms.txt'] ?? '';
function forecast(templates: Templates) {
  return forecastTexts({ templates, model: createTablesModel(), timeZone: 'Asia/Seoul' });
}
async function forecastOf(sms: string) {
  const forecasts = forecast(await compileSet(withFiles({ 'ko/sms.txt': sms })));
  const [ours, ...others] = forecasts.filter(({ language }) => language === 'ko');
  assert.ok(ours?.channel === 'SMS' && others.length === 0);
  return ours;
}

describe('the forecast of the SMS', () => {
  it('has no warning for the template of the project, with the longest values too', async () => {
    const forecast = await forecastOf(ourSms);
    assert.deepEqual(textWarnings([forecast]), []);
    assert.ok(forecast.longestBytes <= 90, String(forecast.longestBytes));
    assert.ok(forecast.usualBytes < forecast.longestBytes);
  });

  it('has one for each language, all of them within an SMS', async () => {
    const forecasts = forecast(await compileOurTemplates());
    assert.deepEqual(
      forecasts.map(({ language, longestBytes }) => [language, longestBytes <= 90]),
      [
        ['en', true],
        ['ko', true],
      ],
    );
    assert.deepEqual(textWarnings(forecasts), []);
  });

  it('warns of a template that is an LMS for everybody, and says how long it is', async () => {
    const forecast = await forecastOf(`${ourSms.trimEnd()} 자세한 내용은 고객센터 114`);
    assert.match(textWarnings([forecast]).join(), new RegExp(`up to ${forecast.usualBytes} bytes .* LMS`));
    assert.ok(forecast.usualBytes > 90);
  });

  it('names what phones do not get', async () => {
    const warnings = textWarnings([await forecastOf('{{memberName}}님 ₩ 🎉 {{totalBilled}}')]);
    assert.match(warnings.join(), /replaced: ₩ 🎉$/);
  });

  it('says SMS or LMS', () => {
    assert.equal(sizeText(77), 'SMS 77/90 bytes');
    assert.equal(sizeText(91), 'LMS 91 bytes, as an SMS holds 90');
  });
});
