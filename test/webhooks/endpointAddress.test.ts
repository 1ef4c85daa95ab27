import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressesOf, endpointProblem, isPublic } from '../../src/webhooks/endpointAddress.ts';

const outside = { insideHosts: [] };
const inside = { insideHosts: ['hooks.internal', '10.0.0.7'] };

describe('the URL of a webhook', () => {
  it('is https, without a user, and leads out', () => {
    assert.equal(endpointProblem('https://shop.example.com/hooks?key=1', outside), undefined);
    for (const [url, problem] of [
      ['shop', /no URL/],
      ['http://shop.example.com/', /must begin with https.*WEBHOOK_INSIDE_HOSTS/],
      ['ftp://shop.example.com/', /must begin with https/],
      ['https://me:secret@shop.example.com/', /user or password/],
      ['https://shop.example.com/#part', /after #/],
      ['https://127.0.0.1/', /private address/],
      ['https://[::1]/', /private address/],
      ['https://2130706433/', /127\.0\.0\.1, a private address/],
      ['https://0x7f.1/', /127\.0\.0\.1, a private address/],
    ] as const) {
      assert.match(endpointProblem(url, outside) ?? 'nothing', problem, url);
    }
  });

  it('may lead to a host inside that the settings name, by http too', () => {
    assert.equal(endpointProblem('http://hooks.internal:8080/', inside), undefined);
    assert.equal(endpointProblem('http://10.0.0.7/', inside), undefined);
    assert.match(endpointProblem('http://10.0.0.8/', inside) ?? '', /must begin with https/);
    assert.match(endpointProblem('file://hooks.internal/', inside) ?? '', /must begin with https/);
  });
});

describe('an address', () => {
  it('is public unless it leads into some network', () => {
    for (const address of ['8.8.8.8', '2001:4860:4860::8888']) assert.ok(isPublic(address), address);
    const private_ = [
      ...['10.1.2.3', '172.16.0.1', '192.168.1.1', '127.0.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
      ...['224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1'],
      ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:7f00:1::', 'not an address'],
    ];
    for (const address of private_) assert.ok(!isPublic(address), address);
  });

  it('of a name is looked at when it is connected to', async () => {
    await assert.rejects(addressesOf('localhost', outside), /private address/);
    assert.ok((await addressesOf('localhost', { insideHosts: ['localhost'] })).length > 0);
  });
});
