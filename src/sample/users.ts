import { ADMIN, ROLELESS, VIEWER } from './names.ts';
import type { Persona } from '../topology/service.ts';

/** Who can sign in to every lab that has the sample: one for each of the sample's two roles, and one without any. */
export const SAMPLE_USERS: readonly Persona[] = [
  { name: ADMIN, roles: ['admin'] },
  { name: VIEWER, roles: ['viewer'] },
  { name: ROLELESS, roles: [] },
];
