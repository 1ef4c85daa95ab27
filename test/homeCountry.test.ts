import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { loadConfig } from '../src/config/loadConfig.ts';
import { homeCountry, homeCountryOf } from '../src/homeCountry.ts';
import { projectDir } from '../src/lib/projectDir.ts';
import { createAddressHasher } from '../src/policy/addressHasher.ts';
import { bareEnvironment } from './support/bareEnvironment.ts';
import { useTemporaryFolder } from './support/temporaryFolder.ts';

const folder = useTemporaryFolder();

/** A program for a process with a home country. It prints how the process reads and writes numbers. */
const script = `
  import { homeCountryProblems } from '${projectDir}/src/config/billModelConfig.ts';
  import { createAddressHasher } from '${projectDir}/src/policy/addressHasher.ts';
  import { parseRecipient, isListed } from '${projectDir}/src/policy/recipient.ts';
  import { threadEnvironment } from '${projectDir}/src/channels.ts';
  import { compileText } from '${projectDir}/src/providers/mapped/placeholders.ts';
  import { readPhoneNumber } from '${projectDir}/src/render/bill/phoneNumber.ts';
  import { sampleBill } from '${projectDir}/src/render/bill/sampleBill.ts';
  const places = compileText('{{to}} {{to|digits}} {{to|national}} {{to|e164}} {{to|e164digits}}');
  console.log(JSON.stringify({
    problems: homeCountryProblems(process.env.HOME_COUNTRY),
    thread: threadEnvironment.HOME_COUNTRY,
    read: readPhoneNumber('0470/12.34.56').to,
    sample: readPhoneNumber(sampleBill.member.phone).kind,
    own: places(() => '+32470123456'),
    reported: places(() => '0470123456'),
    foreign: places(() => '+12025550100'),
    refusedBefore: createAddressHasher([{ keyId: 'a', key: Buffer.alloc(32, 1) }])
      .isOf(process.env.REFUSED ?? '', 'SMS', '+32470123456'),
    listed: isListed([parseRecipient('0470 12 34 56')], 'phone', '+32470123456'),
  }));
`;

function saidWith(country: string) {
  const args = ['--input-type=module', '--eval', script];
  // A number that is refused while the home country is Korea.
  const refused = createAddressHasher([{ keyId: 'a', key: Buffer.alloc(32, 1) }]).hash(
    'SMS',
    '0470-12-34-56',
  );
  const env = { ...bareEnvironment, HOME_COUNTRY: country, REFUSED: refused };
  return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' }));
}

describe('HOME_COUNTRY', () => {
  it('is Korea, whose numbers need no library, unless it is set', () => {
    assert.deepEqual(homeCountry, { code: 'KR', numbers: undefined, problem: undefined });
    assert.deepEqual(homeCountryOf('KR'), homeCountry);
  });

  it('is how numbers are read and written in the whole process', () => {
    assert.deepEqual(saidWith('BE'), {
      problems: [],
      thread: 'BE',
      read: '+32470123456',
      sample: 'usable',
      own: '+32470123456 32470123456 0470123456 +32470123456 32470123456',
      reported: '0470123456 0470123456 0470123456 +32470123456 32470123456',
      foreign: '+12025550100 12025550100 +12025550100 +12025550100 12025550100',
      refusedBefore: true,
      listed: true,
    });
  });

  it('must be a country, and be known from the start', () => {
    const problem = 'HOME_COUNTRY is not a code of ISO 3166-1 alpha-2 in capitals, such as KR or GB';
    assert.deepEqual(homeCountryOf('be'), { code: 'be', numbers: undefined, problem });
    assert.deepEqual(saidWith('UK').problems, [problem]);
    assert.throws(() => loadConfig({ HOME_COUNTRY: 'BE' }), /HOME_COUNTRY is read when the process starts/);
  });
});
