import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../src/agent/program/parse-response.ts';

const parse = (text: string, ended = false) => parseResponse(Buffer.from(text), ended);

describe('parseResponse', () => {
  it('reads status, version, headers as they are, and a body of the stated length', () => {
    expect(parse('HTTP/1.1 403 Forbidden\r\nX-A: 1\r\nx-a:2\r\nContent-Length: 2\r\n\r\nnoHTTP/1.1')).toEqual(
      {
        status: 403,
        httpVersion: '1.1',
        headers: [
          ['X-A', '1'],
          ['x-a', '2'],
          ['Content-Length', '2'],
        ],
        body: 'no',
        bodyEncoding: 'utf8',
        bodyBytes: 2,
        complete: true,
      },
    );
  });

  it('waits for the rest', () => {
    expect(parse('HTTP/1.1 200 OK\r\nContent-Len')).toBeUndefined();
    expect(parse('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab')).toMatchObject({ complete: false });
  });

  it('puts chunks together', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(parse(`${head}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n`)).toMatchObject({
      body: 'abcde',
      complete: true,
    });
    expect(parse(`${head}3\r\nab`)).toMatchObject({ body: 'ab', complete: false });
  });

  it.each(['-6', '+3', '0x3', 'fffffffff', '', 'x', '3 3', '\ud8003'])(
    'takes no chunk whose size is %j: nothing after it is read',
    (size) => {
      const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
      expect(parse(`${head}2\r\nab\r\n${size}\r\ncde\r\n0\r\n\r\n`)).toMatchObject({
        body: 'ab',
        complete: false,
      });
    },
  );

  it('without a length only the end of the stream completes it', () => {
    const text = 'HTTP/1.0 200 OK\r\n\r\nall of it';
    expect(parse(text)).toMatchObject({ complete: false });
    expect(parse(text, true)).toMatchObject({ body: 'all of it', complete: true });
  });

  it('does not take anything else for an answer', () => {
    expect(parse('SSH-2.0-OpenSSH\r\n\r\n')).toBeUndefined();
    expect(parse('HTTP/1.1 abc\r\n\r\n')).toBeUndefined();
  });
});
