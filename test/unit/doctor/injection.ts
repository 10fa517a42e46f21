import type { About, FindingId, FindingState } from '../../../src/doctor/finding.ts';
import type { ProblemCode } from '../../../src/errors/problems.ts';
import type { EngineInfo } from '../../../src/ports/container-engine.ts';
import type {
  HostFactMap,
  MachineFacts,
  NamesSeen,
  PlaceRole,
  Space,
} from '../../../src/ports/host-facts.ts';
import { ENGINE, LAB, NOW, SPACE, VALUES } from './healthy.ts';

/** One cause, and exactly the findings that it changes. */
export interface Injection {
  readonly cause: string;
  readonly facts?: Partial<HostFactMap>;
  readonly about?: Partial<About>;
  readonly finds: readonly Found[];
}

export interface Found {
  /** `MD-HOST-019[cache]` */
  readonly id: FindingId | `${FindingId}[${string}]`;
  readonly state: FindingState;
  readonly code?: ProblemCode;
  readonly seen: RegExp;
  /** One of the remedies. */
  readonly run?: string | RegExp;
  readonly fix?: string;
}

/* Changes of the healthy machine. */

export const engine = (info: Partial<EngineInfo>, more: Partial<HostFactMap['engine']> = {}) => ({
  engine: { ...ENGINE, ...more, info: { ...ENGINE.info, ...info } },
});
export const machine = (change: Partial<MachineFacts>) => ({ machine: { ...VALUES.machine, ...change } });
export const place = (role: PlaceRole, change: Partial<Space>, path?: string) => ({
  places: VALUES.places.map((one) =>
    one.role === role
      ? {
          ...one,
          ...(path === undefined ? {} : { path }),
          space: { kind: 'seen', value: { ...SPACE, ...change } } as const,
        }
      : one,
  ),
});
export const resolver = (which: NamesSeen['resolver'], addresses: readonly string[], error?: string) => ({
  names: VALUES.names.map((one) =>
    one.resolver === which
      ? {
          ...one,
          answers: {
            kind: 'seen',
            value: [LAB.hosts.httpbin, LAB.hosts.auth].map((name) => ({ name, addresses, error })),
          } as const,
        }
      : one,
  ),
});
export const skew = (ms: number) => engine({ systemTime: new Date(NOW + ms).toISOString() });
export const taken = { kind: 'taken', port: 443, suggestion: 8443 } as const;
export const pool = { addressPools: [{ base: '10.1.0.0/24', size: 25 }] };

export const WSL = '6.6.87.2-microsoft-standard-WSL2';
export const ROOT = { store: '/etc/ssl/certs/ca-certificates.crt', name: 'meshdev edge root old' };
