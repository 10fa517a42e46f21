import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { PortFinding, PortHolder } from '../../ports/host-facts.ts';
import { LABEL } from '../../topology/labels.ts';
import type { Lab } from '../../topology/lab.ts';

/** The lab's own edge has it, and gives it back itself when it is replaced. Pure. */
export function heldByEdge(finding: PortFinding, lab: Pick<Lab, 'name' | 'containers'>): boolean {
  if (finding.kind !== 'taken' || finding.holder.kind !== 'container') return false;
  const { name, labels } = finding.holder.container;
  return name === lab.containers.edge && labels[LABEL.lab] === lab.name;
}

/** The error for a port that cannot be had, or undefined when it is free. Pure. */
export function portProblem(finding: PortFinding): MeshdevError | undefined {
  switch (finding.kind) {
    case 'free':
      return undefined;
    case 'taken':
      return new MeshdevError('PORT_TAKEN', {
        message: `looking for port ${finding.port} on loopback · ${nameOf(finding.holder)} uses it`,
        remedies: [
          `meshdev up --https-port ${finding.suggestion}`,
          ...remediesFor(finding.holder, finding.port),
        ],
        details: { port: finding.port, holder: finding.holder.kind },
      });
    case 'forbidden':
      return new MeshdevError('PORT_NOT_ALLOWED', {
        message: `looking for port ${finding.port} on loopback · this user may listen only on ports from ${finding.floor}`,
        remedies: [
          `meshdev up --https-port ${finding.suggestion}`,
          `sudo sysctl net.ipv4.ip_unprivileged_port_start=${finding.port}`,
        ],
      });
  }
}

function nameOf(holder: PortHolder): string {
  switch (holder.kind) {
    case 'container':
      return `container ${holder.container.name} (image ${holder.container.image})`;
    case 'process':
      return `${holder.owner.program} (process ${holder.owner.pid})`;
    case 'hidden':
      return 'a process that meshdev is not permitted to inspect';
  }
}

function remediesFor(holder: PortHolder, port: number): readonly string[] {
  switch (holder.kind) {
    case 'container':
      return [`docker stop ${holder.container.name}`];
    case 'process':
      return [`kill ${holder.owner.pid}`];
    case 'hidden':
      return [`sudo lsof -nP -iTCP:${port} -sTCP:LISTEN`];
  }
}
