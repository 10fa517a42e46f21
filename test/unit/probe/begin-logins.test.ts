import { expect, it } from 'vitest';
import { beginLogins } from '../../../src/probe/tokens/tokens.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { freshKeys } from '../../support/lab-keys.ts';

it('sign-ins fail each by itself, and one that nobody asks for ends nothing', async () => {
  const lab = createLab(DEFAULT_CHOICE);
  const unheard = new Array<unknown>();
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  const logins = beginLogins(lab, await freshKeys(lab), AbortSignal.abort());
  await expect(logins.alice).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await Promise.allSettled(Object.values(logins));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
