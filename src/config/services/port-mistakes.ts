import type { Problem } from '../problem.ts';
import type { Draft, Path, ServiceDraft } from './draft.ts';
import { SIDECAR_PORTS } from './reserved.ts';

/** Ports of one service: each once, and none that the sidecar has. */
export function portMistakes({ services }: Draft): readonly Problem[] {
  return services.flatMap((service) => [...numbersOf(service), ...namesOf(service)]);
}

function numbersOf({ path, port, extraPorts }: ServiceDraft): readonly Problem[] {
  const all: readonly { readonly port: number | undefined; readonly path: Path }[] = [
    { port, path: [...path, 'port'] },
    ...extraPorts.map((extra) => ({ port: extra.port, path: [...extra.path, 'port'] })),
  ];
  return all.flatMap(({ port: number, path: at }, index): readonly Problem[] => {
    if (number === undefined) return [];
    if (SIDECAR_PORTS.includes(number))
      return [{ path: at, message: `${number} is a port of the sidecar in every pod` }];
    const twice = all.slice(0, index).some((other) => other.port === number);
    return twice ? [{ path: at, message: `${number} is a port of this service already` }] : [];
  });
}

/** `main` is the name of the port that is routed. */
function namesOf({ extraPorts }: ServiceDraft): readonly Problem[] {
  return extraPorts.flatMap(({ name, path }, index): readonly Problem[] => {
    const taken = ['main', ...extraPorts.slice(0, index).map((other) => other.name)];
    return name !== undefined && taken.includes(name)
      ? [{ path: [...path, 'name'], message: `${name} is the name of another port of this service` }]
      : [];
  });
}
