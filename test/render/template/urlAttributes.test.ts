import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createByteWriter } from '../../../src/render/template/byteWriter.ts';
import { parseTemplate } from '../../../src/render/template/parseTemplate.ts';
import { createPrinter } from '../../../src/render/template/printer.ts';
import { checkUrls, markUrls } from '../../../src/render/template/urlAttributes.ts';

const refused: readonly (readonly [string, RegExp])[] = [
  ['<a href="javascript:alert(1)">', /href takes http/],
  ["<a HREF='JavaScript:alert(1)'>", /takes http/],
  ['<a href=javascript:alert(1)>', /takes http/],
  ['<a href="java&#115;cript:alert(1)">', /takes http/],
  ['<a href=" data:text/html,x">', /takes http/],
  ['<a href="vbscript:x">', /takes http/],
  ['<a href="/bills">', /takes http/],
  ['<a href="//example.com">', /takes http/],
  ['<img src="data:image/png;base64,x">', /src takes http/],
  ['<img src="cid:x">', /takes http/],
  ['<img srcset="https://a/1.png 1x, javascript:x 2x">', /srcset/],
  ['<td background="file:///etc/passwd">', /background/],
  ['<mj-section background-url="ftp://x">', /background-url/],
  ['<form action="javascript:x">', /action/],
  ['<v:image xlink:href="javascript:x">', /xlink:href/],
  ['<a href="https://{{host}}/bill">', /behind the host/],
  ['<a href="https://example.com{{path}}">', /behind the host/],
  ['<a href="{{#if a}}https://x/{{else}}javascript:x{{/if}}">', /no blocks/],
  ['<a href="https://x/{{#if a}}1{{/if}}">', /no blocks/],
  ['<td width={{barPercent}}>', /write width="/],
  ['<td onclick="x()">', /onclick/],
  ['<meta http-equiv="refresh" content="0;url=https://x">', /leads nowhere/],
  ['<script>x</script>', /<script>/],
  ['<base href="https://x/">', /<base>/],
  ['<td style="background:url(javascript:x)">', /url\(\)/],
  ['<td style="background:url(\'data:x\')">', /url\(\)/],
  ['<td style="background:url(https://x/{{a}})">', /no values/],
  ['<style>@import "file:///x"</style>', /url\(\)/],
];

const taken = [
  '<a href="https://example.com/bill?id={{invoiceNumber}}&m={{month}}">',
  '<a href="HTTP://example.com">',
  '<a href="mailto:bill@example.com?subject={{month}}">',
  '<a href="tel:{{phone}}">',
  '<a href="{{payUrl}}">',
  '<img src="https://example.com/logo.png" alt="a = {{b}}">',
  '<td width="{{barPercent}}%" bgcolor="{{#if isCurrent}}#2f66e8{{else}}#b3c5ee{{/if}}">',
  '<p>VAT = {{vat}}, href=javascript is a text</p>',
  '<td style="background:url(https://example.com/x.png)">',
  '<html xmlns="http://www.w3.org/1999/xhtml" lang="ko">',
];

describe('checkUrls', () => {
  for (const [source, message] of refused) {
    it(`refuses ${source}, and names the line`, () => {
      const [problem] = checkUrls(`<p>\n\n${source}`);
      assert.match(problem?.message ?? 'nothing', message);
      assert.equal(problem?.line, 3);
    });
  }
  for (const source of taken) it(`takes ${source}`, () => assert.deepEqual(checkUrls(source), []));

  it('takes no time over a long template', () => {
    const started = performance.now();
    for (const part of ['<a ', '<a href="', 'url(', "='", '<a "', '{{']) checkUrls(part.repeat(2_000));
    assert.ok(performance.now() - started < 5_000);
  });
});

describe('a value in a URL', () => {
  const print = (source: string, view: Readonly<Record<string, unknown>>): string => {
    const parsed = parseTemplate(source);
    assert.ok(parsed.kind === 'parsed');
    const out = createByteWriter(64);
    createPrinter(markUrls(parsed.nodes), 'html')(view, out);
    return out.cutText(0);
  };

  it('is printed if it is one that may be there', () => {
    for (const url of ['https://example.com/a?b=1&c=2', 'mailto:a@b.kr', 'tel:114', 'HTTP://x', '']) {
      const shown = url.replaceAll('&', '&amp;').replaceAll('=', '&#x3D;');
      assert.equal(print('<a href="{{url}}">', { url }), `<a href="${shown}">`);
    }
  });

  for (const url of [
    'javascript:alert(1)',
    ' javascript:x',
    'data:x',
    '//x',
    'x',
    'java\nscript:x',
    'https:x',
  ]) {
    it(`is not printed as ${JSON.stringify(url)}`, () => {
      for (const source of [
        '<a href="{{url}}">',
        "<img src='{{url}}'>",
        '{{#if url}}<td background="{{url}}/x">{{/if}}',
      ]) {
        assert.throws(() => print(source, { url }), /\{\{url\}\} is no http/);
      }
    });
  }

  it('stays within its part behind the host', () => {
    const view = { a: '../?x=1#"y', b: '홍 길&동' };
    assert.equal(
      print('<a href="https://x.kr/{{a}}?n={{b}}">{{a}}</a>', view),
      '<a href="https://x.kr/..%2F%3Fx%3D1%23%22y?n=%ED%99%8D%20%EA%B8%B8%26%EB%8F%99">../?x&#x3D;1#&quot;y</a>',
    );
    assert.equal(print('<a href="tel:{{t}}">', { t: '+82-2-123' }), '<a href="tel:+82-2-123">');
    assert.equal(
      print('<a href="mailto:{{m}}">', { m: 'a@b.kr?bcc=c@d.kr' }),
      '<a href="mailto:a@b.kr%3Fbcc%3Dc@d.kr">',
    );
  });

  it('is a text anywhere else', () => {
    assert.equal(
      print('<td title="{{a}}">{{a}}', { a: 'javascript:x' }),
      '<td title="javascript:x">javascript:x',
    );
  });
});
