import { describe, expect, it } from 'vitest';
import { fileError } from '../../../src/errors/file-error.ts';

/** An error as Node.js makes it for a system call. */
function systemError(code: string, path?: string): Error {
  const message = `${code}: as the system says it, open`;
  return Object.assign(new Error(message), {
    code,
    syscall: 'open',
    ...(path === undefined ? {} : { path }),
  });
}

describe('fileError', () => {
  it.each(['ENOSPC', 'EDQUOT'])('calls %s a full disk', (code) => {
    const thrown = systemError(code, '/state/labs/demo/record.json');
    expect(fileError(thrown)).toMatchObject({
      code: 'DISK_FULL',
      exitCode: 3,
      message: thrown.message,
      remedies: ['df -h /state/labs/demo'],
      cause: thrown,
    });
  });

  it('does without the path that a write does not tell', () => {
    expect(fileError(systemError('ENOSPC'))).toMatchObject({ code: 'DISK_FULL', remedies: ['df -h'] });
  });

  it.each(['EACCES', 'EPERM', 'EROFS'])('calls %s of a file a file that is not usable', (code) => {
    const thrown = systemError(code, '/state/record.json');
    expect(fileError(thrown)).toMatchObject({
      code: 'FILE_NOT_USABLE',
      exitCode: 3,
      message: thrown.message,
      remedies: ['ls -ld /state/record.json'],
      cause: thrown,
    });
  });

  it.each([
    ['a refusal without a path: a socket or a process', systemError('EACCES')],
    ['a file that is not there', systemError('ENOENT', '/x')],
    ['a slip of ours', new TypeError('x is undefined')],
    ['no error at all', { code: 'ENOSPC', path: '/x' }],
    ['nothing', undefined],
  ])('leaves %s alone', (_, thrown) => {
    expect(fileError(thrown)).toBeUndefined();
  });
});
