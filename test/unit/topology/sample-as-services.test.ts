import fc from 'fast-check';
import { expect, it } from 'vitest';
import { servicesOf } from '../../../src/config/services/derive.ts';
import { policies } from '../../../src/mesh/manifests/policies.ts';
import { servicePolicies } from '../../../src/mesh/manifests/service-policies.ts';
import { METHODS } from '../../../src/topology/access.ts';
import { principal } from '../../../src/topology/identity.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { decide } from '../../support/istio-policies.ts';

/* The rules of the sample, as a user would write them: the policies that follow decide as those of the lab do. */

const lab = createLab(DEFAULT_CHOICE);
const { gateway, httpbin, ledger, caller, intruder } = lab.workloads;
const read = ['/headers', '/get', '/websocket/echo', '/anything/read', '/anything/read/*'];
const admin = ['/anything/admin', '/anything/admin/*'];

const services = servicesOf(
  {
    services: {
      httpbin: {
        image: 'httpbin',
        port: 8080,
        host: 'httpbin',
        allow: [
          { roles: ['admin', 'viewer'], methods: ['GET', 'HEAD'], paths: read },
          { roles: ['admin'], methods: ['GET', 'POST'], paths: admin },
        ],
      },
      caller: { image: 'caller', port: 8080 },
      ledger: {
        image: 'ledger',
        port: 8080,
        namespace: 'backend',
        allow: [{ from: ['caller', 'httpbin'], methods: ['GET', 'POST'] }],
      },
    },
  },
  lab,
);

const today = policies(lab);
const isDefaultDeny = ({ metadata: { name } }: (typeof today)[number]): boolean => name === 'default-deny';
const derived = [...today.filter(isDefaultDeny), ...servicePolicies({ ...lab, services })];

const users = lab.users.map(({ name, roles }) => ({ requestPrincipal: `${lab.issuer}/${name}`, roles }));

const request = fc.record({
  to: fc.constantFrom(httpbin, ledger),
  source: fc.constantFrom(gateway, httpbin, ledger, caller, intruder),
  token: fc.constantFrom(...users, {}, { requestPrincipal: 'https://other.test/alice', roles: ['admin'] }),
  host: fc.constantFrom(lab.hosts.httpbin, `${lab.hosts.httpbin}:443`, 'other.test', 'ledger:8000'),
  method: fc.constantFrom(...METHODS),
  path: fc.constantFrom(...read, ...admin, '/anything/read/x', '/anything/admin/x', '/anything/adminx', '/'),
});

it('decides every request as the policies of the lab do', () => {
  const counts = { allowed: 0, denied: 0 };
  fc.assert(
    fc.property(request, ({ to, source, token, host, method, path }) => {
      const seen = {
        workload: { namespace: to.namespace, labels: { app: to.serviceAccount } },
        principal: principal(source),
        port: 8080,
        host,
        method,
        path,
        ...token,
      };
      const { allowed } = decide(today, 'istio-system', seen);
      expect(decide(derived, 'istio-system', seen).allowed).toBe(allowed);
      counts[allowed ? 'allowed' : 'denied'] += 1;
    }),
    { numRuns: 3000 },
  );
  // Both happen often enough that the comparison is one.
  expect(counts.allowed).toBeGreaterThan(50);
  expect(counts.denied).toBeGreaterThan(50);
});
