import type { CheckId } from '../check-id.ts';
import type { AnyServiceJudge } from '../service-judge.ts';
import { ACCESS_JUDGES } from './access-judges.ts';
import { CHAIN_JUDGES } from './chain-judges.ts';
import { MESH_JUDGES } from './mesh-judges.ts';
import { OBJECT_JUDGES } from './object-judges.ts';
import { POD_JUDGES } from './pod-judges.ts';
import { TOKEN_JUDGES } from './token-judges.ts';

/** Checks that are judged for each service of meshdev.yaml too, with what was gathered for that service. */
export const SERVICE_JUDGES: Readonly<Partial<Record<CheckId, AnyServiceJudge>>> = {
  ...CHAIN_JUDGES,
  ...MESH_JUDGES,
  ...OBJECT_JUDGES,
  ...POD_JUDGES,
  ...TOKEN_JUDGES,
  ...ACCESS_JUDGES,
};
