import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { certificateAdvice } from '../../../src/operations/doctor/certificateAdvice.ts';

const settings = { host: 'SMTP_URL', authority: 'SMTP_CA_FILE' };

describe('the advice on a certificate', () => {
  it('says who has to change what', () => {
    assert.equal(
      certificateAdvice('CERT_HAS_EXPIRED localhost:587', settings),
      'its operator has to renew its certificate',
    );
    assert.match(certificateAdvice('UNABLE_TO_VERIFY_LEAF_SIGNATURE x', settings) ?? '', /^set SMTP_CA_FILE/);
    assert.match(certificateAdvice('ERR_TLS_CERT_ALTNAME_INVALID x', settings) ?? '', /host in SMTP_URL$/);
    assert.match(certificateAdvice('CERT_NOT_YET_VALID x', settings) ?? '', /clock/);
  });

  it('is none on anything else', () => {
    assert.equal(certificateAdvice('ECONNREFUSED localhost:587', settings), undefined);
  });
});
