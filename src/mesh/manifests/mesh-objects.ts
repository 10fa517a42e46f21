import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { gatewayPods } from './gateway-pods.ts';
import { istiodAccount } from './istiod-account.ts';
import type { MeshMaterial } from './material.ts';
import { namespaces } from './namespaces.ts';
import { policies } from './policies.ts';
import { routing } from './routing.ts';
import { secrets } from './secrets.ts';
import { telemetry } from './telemetry.ts';
import { workloads } from './workloads.ts';

/** What istiod and the gateway read at their start: applied before Istio is installed. */
export function foundationObjects(lab: Lab, material: MeshMaterial): readonly KubeObject[] {
  return [...namespaces(lab), istiodAccount(lab), ...secrets(lab, material)];
}

/**
 * Routes, policies and logs: applied once the webhook serves, and before the pods, so that no pod is
 * ever up without them.
 */
export function ruleObjects(lab: Lab): readonly KubeObject[] {
  return [...telemetry(lab), ...policies(lab), ...routing(lab)];
}

/** The gateway and the sample services; the injector must serve when their pods are made. */
export function workloadObjects(lab: Lab, material: MeshMaterial): readonly KubeObject[] {
  return [...gatewayPods(lab, material), ...workloads(lab, material)];
}
