import type { UpStepId } from '../plan/up-steps.ts';
import { clusterPart } from './cluster.ts';
import { edgePart } from './edge.ts';
import { enginePart } from './engine.ts';
import { idpPart } from './idp.ts';
import { imagesPart } from './images.ts';
import { keysPart } from './keys.ts';
import { meshPart } from './mesh.ts';
import { networkPart } from './network.ts';
import type { Part } from './part.ts';
import { policiesPart } from './policies.ts';
import { probePart } from './probe.ts';
import { buildsPart } from './builds.ts';
import { servicesPart } from './services.ts';
import { workloadsPart } from './workloads.ts';

/** Who looks after which step of `up`. */
export const PARTS: Readonly<Record<UpStepId, Part>> = {
  engine: enginePart,
  images: imagesPart,
  keys: keysPart,
  network: networkPart,
  idp: idpPart,
  edge: edgePart,
  probe: probePart,
  cluster: clusterPart,
  mesh: meshPart,
  policies: policiesPart,
  workloads: workloadsPart,
  builds: buildsPart,
  services: servicesPart,
};
