import { LABEL } from '../../../src/topology/labels.ts';
import { containerOf, LAB, VALUES } from './healthy.ts';
import { engine, type Injection, machine, place, pool, ROOT, taken, WSL } from './injection.ts';

/** What looks like a fault and is none. */
export const HARMLESS: readonly (Omit<Injection, 'finds'> & {
  readonly ok: string;
  readonly seen: RegExp;
})[] = [
  {
    cause: 'the edge of the lab itself on the port',
    facts: {
      port: {
        ...taken,
        holder: { kind: 'container', container: containerOf(LAB.containers.edge, { [LABEL.lab]: LAB.name }) },
      },
    },
    ok: 'MD-HOST-006',
    seen: /the edge of lab demo/,
  },
  {
    cause: 'a proxy with NO_PROXY for the zone',
    about: { env: { HTTPS_PROXY: 'http://proxy:3128', no_proxy: '.localhost' } },
    ok: 'MD-HOST-010',
    seen: /covers mesh\.localhost/,
  },
  {
    cause: 'the thin runtime of meshdev without CAP_SYS_RESOURCE',
    facts: {
      ...machine({ capabilityBounds: 0x1ff_feff_ffffn }),
      ...engine({ defaultRuntime: 'meshdev-runc' }),
    },
    ok: 'MD-HOST-002',
    seen: /meshdev-runc/,
  },
  { cause: 'cgroup v1 as root', facts: engine({ cgroupVersion: '1' }), ok: 'MD-HOST-003', seen: /kubelet/ },
  {
    cause: 'a full VPN, whose routes are those of the internet',
    facts: { routes: [...VALUES.routes, { destination: '128.0.0.0/1', device: 'wg0' }] },
    ok: 'MD-HOST-007',
    seen: /among 5 routes/,
  },
  {
    cause: 'a used up pool, with the networks of the lab',
    facts: engine(pool),
    ok: 'MD-HOST-018',
    seen: /exist/,
  },
  {
    cause: 'an engine behind a local TCP port',
    facts: engine({}, { endpoint: { kind: 'tcp', host: '127.0.0.1', port: 2375 } }),
    ok: 'MD-HOST-014',
    seen: /127\.0\.0\.1:2375/,
  },
  {
    cause: 'the root of this lab in the store of the system',
    facts: { trust: { ...VALUES.trust, installed: [{ ...ROOT, fingerprint: '9C:41' }] } },
    ok: 'MD-HOST-027[lab]',
    seen: /is in \/etc\/ssl/,
  },
  {
    cause: 'WSL2 with an engine',
    facts: machine({ release: WSL }),
    ok: 'MD-HOST-026',
    seen: /trust stores of their own/,
  },
  {
    cause: 'a directory that does not exist yet',
    facts: place('state', { owned: undefined }),
    ok: 'MD-HOST-012[state]',
    seen: /does not exist yet/,
  },
];
