import { expect, it } from 'vitest';
import { asNamed, LINK_ROWS, turnedBy } from './fault-table.ts';

it.each(LINK_ROWS)('$what: turns exactly the checks that speak of it', async (row) => {
  expect(await turnedBy(row)).toMatchObject(asNamed(row));
});
