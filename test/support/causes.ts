import type { Cause } from '../../src/checks/diagnosis/cause.ts';

/** A cause that lasts and that a failure is explained by. */
export function cause(id: string, more: Partial<Cause> = {}): Cause {
  return {
    id,
    verdict: 'fail',
    title: `${id} is wrong`,
    object: null,
    seen: null,
    since: null,
    effect: 'valid requests do not pass',
    remedies: ['meshdev up'],
    lasting: true,
    explains: [],
    ...more,
  };
}
