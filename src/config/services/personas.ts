import { createLab, DEFAULT_CHOICE } from '../../topology/lab.ts';
import type { Persona } from '../../topology/service.ts';
import type { Draft } from './draft.ts';

/** Who can sign in: the users of the sample, while it is there, and those of the file beside them. */
export function personasIn({ sample, users }: Pick<Draft, 'sample' | 'users'>): readonly Persona[] {
  const own = users.map(({ name, roles }) => ({ name, roles }));
  const names = new Set(own.map(({ name }) => name));
  const beside = sample ? createLab(DEFAULT_CHOICE).users.filter(({ name }) => !names.has(name)) : [];
  return [...beside, ...own];
}
