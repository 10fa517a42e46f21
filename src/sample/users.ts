import type { Persona } from '../topology/service.ts';

/** Who can sign in to every lab that has the sample: one for each of the sample's two roles, and one without any. */
export const SAMPLE_USERS: readonly Persona[] = [
  { name: 'alice', roles: ['admin'] },
  { name: 'bob', roles: ['viewer'] },
  { name: 'eve', roles: [] },
];
