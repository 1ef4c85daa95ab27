import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { inBytes } from '../../../src/providers/http/encodeMessage.ts';
import { compileMultipart, multipartType } from '../../../src/providers/mapped/multipartBody.ts';
import { anyCharacter } from '../../support/anyCharacter.ts';

const body = { 'h:x': '<{{text}}>', to: ['+82 & 값', '{{to}}'], attachment: '{{attachments}}' };
const write = compileMultipart(body);

function written(fields: Record<string, string>, files: Parameters<typeof write>[1] = []) {
  return Buffer.from(
    write((field) => inBytes(fields[field] ?? ''), files),
    'latin1',
  );
}

/** Reads a body with Node's own reader. */
async function read(bytes: Buffer<ArrayBuffer>) {
  const form = await new Response(bytes, { headers: { 'content-type': multipartType(bytes) } }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === 'string'
        ? [name, value]
        : [name, value.name, value.type, Buffer.from(await value.arrayBuffer())],
    ),
  );
}

describe('a body with files', () => {
  it('is a form that others read, whatever its values are', async () => {
    const file = fc.uint8Array({ maxLength: 64 }).map((content) => Buffer.from(content));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: anyCharacter }),
        fc.array(file, { maxLength: 3 }),
        async (text, all) => {
          const files = all.map((content) => ({
            name: '청구서.pdf',
            contentType: 'application/pdf',
            content,
          }));
          assert.deepEqual(await read(written({ text, to: '가' }, files)), [
            ['h:x', `<${text}>`],
            ['to', '+82 & 값'],
            ['to', '가'],
            ...all.map((content) => ['attachment', '청구서.pdf', 'application/pdf', content]),
          ]);
        },
      ),
    );
  });

  it('is the same for the same message, to the byte', () => {
    const files = [{ name: 'a".pdf', contentType: 'application/pdf', content: Buffer.from([0, 255]) }];
    const bytes = written({ text: 't', to: 'a@b.kr' }, files);
    assert.deepEqual(written({ text: 't', to: 'a@b.kr' }, files), bytes);
    const [, boundary = ''] = multipartType(bytes).split('multipart/form-data; boundary=');
    assert.match(boundary, /^billcast-[0-9a-f]{32}$/);
    const head = `--${boundary}\r\nContent-Disposition: form-data; name=`;
    assert.equal(
      bytes.toString('latin1'),
      `${head}"h:x"\r\n\r\n<t>\r\n` +
        `${head}"to"\r\n\r\n${inBytes('+82 & 값')}\r\n` +
        `${head}"to"\r\n\r\na@b.kr\r\n` +
        `${head}"attachment"; filename="a%22.pdf"\r\nContent-Type: application/pdf\r\n\r\n\0\xff\r\n` +
        `--${boundary}--\r\n`,
    );
  });

  it('has no part that a member has put into a name, even one who knows an earlier boundary', async () => {
    const known = multipartType(written({ text: 'a', to: 'b' })).split('boundary=')[1];
    const text = `\r\n--${known}\r\nContent-Disposition: form-data; name="to"\r\n\r\neve@example.com\r\n--${known}--`;
    assert.deepEqual(await read(written({ text, to: 'b' })), [
      ['h:x', `<${text}>`],
      ['to', '+82 & 값'],
      ['to', 'b'],
    ]);
  });

  it('has no header that stands in the name of a file', async () => {
    const name = 'a.pdf\r\nContent-Type: text/html\r\n\r\n<b>';
    const bytes = written({}, [{ name, contentType: 'application/pdf', content: Buffer.from('%PDF') }]);
    const head = bytes.toString('latin1').split('filename=')[1];
    assert.match(head ?? '', /^"a\.pdf%0D%0AContent-Type: text\/html%0D%0A%0D%0A<b>"\r\nContent-Type: app/);
  });
});
