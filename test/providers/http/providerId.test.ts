import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepableId, namingId } from '../../../src/providers/http/providerId.ts';

describe("a provider's id", () => {
  it('is kept as it is', () => {
    const ids = [
      'a-1',
      '17',
      '20261125090000123',
      'B4V20180307110700xyz',
      '7b0c1de2-5f3e-4c7e-9d7c-1f2a3b4c5d6e',
    ];
    for (const id of [...ids, '<20261125.1@mail.example.com>']) {
      for (const to of ['010-1234-5678', 'kim@example.com']) assert.equal(keepableId(id, to), id);
    }
  });

  it('has no number of the recipient, however it is written', () => {
    const masked = [
      ['01012345678', '***********'],
      ['20261125-01012345678-1', '********-***********-*'],
      ['+82 10-1234-5678', '+** **-****-****'],
      ['msg_821012345678', 'msg_************'],
    ] as const;
    for (const [id, kept] of masked) assert.equal(keepableId(id, '010-1234-5678'), kept);
  });

  it('has no number of anybody, if it is nothing but one', () => {
    assert.equal(keepableId('01099998888', '010-1234-5678'), '***********');
    assert.equal(keepableId('+82-10-9999-8888', 'kim@example.com'), '+**-**-****-****');
  });

  it('has no address', () => {
    assert.equal(keepableId('Kim@Example.com', 'kim@example.com'), '***');
    assert.equal(keepableId('1/kim@example.com/2', 'kim@example.com'), '1/***/2');
    assert.equal(keepableId('kim@example.com-kim@example.com', 'kim@example.com'), '***-***');
    assert.equal(keepableId('<01012345678@gw.kr>', '010-1234-5678'), '<***********@gw.kr>');
    assert.equal(keepableId('lee@naver.com', 'kim@example.com'), '***@naver.com');
  });

  it('is not kept if it holds an address or a name in the form of URLs', () => {
    for (const id of ['kim%40example.com', '%30%31%30-1234-5678', '%ED%99%8D-1', '100%']) {
      assert.equal(keepableId(id, '010-1234-5678'), undefined, id);
    }
    assert.equal(keepableId('a%2Fb', '010-1234-5678'), 'a%2Fb');
  });

  it('is not kept if it is several values, of which one may be the recipient in Base64', () => {
    for (const id of ['to=1&x=MDEwMTIzNDU2Nzg=', 'x=MDEwMTIzNDU2Nzg=', 'a\\u0030', 'a&b']) {
      assert.equal(keepableId(id, '010-1234-5678'), undefined, id);
    }
    assert.equal(keepableId('c2VydmljZQ==', '010-1234-5678'), 'c2VydmljZQ==');
  });

  it('is not kept if it is not one word of ASCII', () => {
    for (const id of ['a\u0000b', '홍길동', 'Hong Gildong', 'x'.repeat(201)]) {
      assert.equal(keepableId(id, '01012345678'), undefined);
    }
  });
});

describe("a provider's id in a receipt", () => {
  it('names one message if nothing of it has to be masked', () => {
    assert.equal(namingId('m-7', '010-1234-5678'), 'm-7');
    assert.equal(namingId('m-01012345678', '010-1234-5678'), undefined);
    assert.equal(namingId('7-kim@example.com', 'kim@example.com'), undefined);
  });

  it('names none if it may be made of a number and nobody says of which', () => {
    for (const id of ['m-01012345678', 'm_821012345678', '+82 10-1234-5678', '7/010-1234-5678/1']) {
      assert.equal(namingId(id, undefined), undefined, id);
    }
    for (const id of [
      '0100019456a8f3c1-5c1b2d3e',
      'SM0101234567a',
      '7b0c1de2-0101-4c7e-9d7c',
      'm-1795910400',
    ]) {
      assert.equal(namingId(id, undefined), id);
    }
  });
});
