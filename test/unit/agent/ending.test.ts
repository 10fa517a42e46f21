import { describe, expect, it } from 'vitest';
import { endingOf } from '../../../src/agent/program/ending.ts';

const failure = (message: string, facts: Readonly<Record<string, string>>): Error =>
  Object.assign(new Error(message), facts);

describe('endingOf', () => {
  it('tells a reset from an early end, which Node.js both calls ECONNRESET', () => {
    const reset = failure('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' });
    expect(endingOf(reset, true).ended).toBe('reset');
    const early = failure('Client network socket disconnected', { code: 'ECONNRESET' });
    expect(endingOf(early, true).ended).toBe('closed');
  });

  it.each([
    ['ECONNREFUSED', 'refused'],
    // A Unix socket that is not there.
    ['ENOENT', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['ENOTFOUND', 'unreachable'],
    ['EAI_AGAIN', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EADDRNOTAVAIL', 'unreachable'],
    ['EACCES', 'unreachable'],
    ['EMFILE', 'unreachable'],
  ])('of %s before a connection is %s', (code, ended) => {
    expect(endingOf(failure(code, { code }), false)).toMatchObject({ ended, error: { code } });
  });

  it('of something without a code before a connection is no refusal', () => {
    expect(endingOf('text', false)).toMatchObject({ ended: 'unreachable', error: { code: 'ERR' } });
  });

  it('speaks for all addresses that were tried', () => {
    const tried = ['::1', '127.0.0.1'].map((address) =>
      failure(`connect ECONNREFUSED ${address}`, { code: 'ECONNREFUSED', syscall: 'connect' }),
    );
    expect(endingOf(new AggregateError(tried), false)).toEqual({
      ended: 'refused',
      error: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED ::1; connect ECONNREFUSED 127.0.0.1' },
    });
  });

  it('is refused only where all addresses refuse', () => {
    const tried = ['ECONNREFUSED', 'EHOSTUNREACH'].map((code) => failure(code, { code }));
    expect(endingOf(new AggregateError(tried), false)).toEqual({
      ended: 'unreachable',
      error: { code: 'EHOSTUNREACH', message: 'ECONNREFUSED; EHOSTUNREACH' },
    });
  });

  it('takes anything that was thrown', () => {
    expect(endingOf('text', true)).toEqual({ ended: 'closed', error: { code: 'ERR', message: 'text' } });
  });
});
