import { poolProblem } from '../../engine/address-pools.ts';
import { RUNTIME_NAME } from '../../engine/engine-files.ts';
import { cgroupProblem, isRootless, platformProblem, productProblem } from '../../engine/engine-fit.ts';
import { dockerHostOf } from '../../engine/endpoint.ts';
import { needsThinRuntime } from '../../engine/plan-engine.ts';
import type { EngineInfo, Network } from '../../ports/container-engine.ts';
import type { EngineSeen, MachineFacts } from '../../ports/host-facts.ts';
import type { Lab } from '../../topology/lab.ts';
import { fatal, type FindingKind, given, type Judgement, ok, skip, warn } from '../finding.ts';

/** Hosts of a tcp:// endpoint that are this machine. */
const HERE = /^(?:localhost|127(?:\.\d+){3}|::1)$/;

export const ENGINE_FINDINGS: readonly FindingKind[] = [
  {
    id: 'MD-HOST-001',
    subject: 'engine',
    title: 'a container engine answers',
    why: 'every part of a lab is a container; without an engine, `up` first starts or installs one, with your consent',
    worst: 'fatal',
    judge: ({ engineAnswer }) =>
      given(engineAnswer, (answer): Judgement =>
        answer.kind === 'answers'
          ? ok(`version ${answer.version}: ${answer.because}`)
          : { state: 'fatal', seen: answer.because, remedies: answer.remedies, code: 'ENGINE_NOT_FOUND' },
      ),
  },
  {
    id: 'MD-HOST-014',
    subject: 'engine',
    title: 'the engine runs on this machine, or in a virtual machine of it',
    why: 'the ports of a lab are published on 127.0.0.1 of the machine of the engine; from here, no client reaches them there',
    worst: 'warn',
    judge: ({ engine }, { lab }) => given(engine, (seen) => placeOf(seen, lab)),
  },
  {
    id: 'MD-HOST-015',
    subject: 'engine',
    title: 'the engine is a supported version of Docker, for a platform that has images',
    why: 'a lab cannot be created on another engine, and `up` refuses it',
    worst: 'fatal',
    judge: ({ engine }) =>
      given(engine, ({ info }) => {
        const problem = productProblem(info) ?? platformProblem(info);
        return problem === undefined ? ok(`${kindOf(info)}, ${info.osType}/${info.arch}`) : fatal(problem);
      }),
  },
  {
    id: 'MD-HOST-002',
    subject: 'engine',
    title: 'the engine can start privileged containers',
    why: 'a kind node is a privileged container; the OCI runtime of Docker cannot start one without CAP_SYS_RESOURCE',
    worst: 'warn',
    judge: ({ engine, machine }) =>
      given(engine, (seen) => given(machine, (facts) => privilegedOn(seen, facts))),
  },
  {
    id: 'MD-HOST-003',
    subject: 'engine',
    title: 'the engine can limit the resources of a node',
    why: 'the kubelet does not start in a container whose cgroup it cannot use',
    worst: 'fatal',
    judge: ({ engine }) =>
      given(engine, ({ info }) => {
        const problem = cgroupProblem(info);
        const legacy = info.cgroupVersion === '1' ? '; meshdev configures the kubelet for it' : '';
        return problem === undefined
          ? ok(`cgroup v${info.cgroupVersion}, driver ${info.cgroupDriver}${legacy}`)
          : fatal(problem);
      }),
  },
  {
    id: 'MD-HOST-016',
    subject: 'engine',
    title: 'the engine does not remap the users of containers',
    why: 'with userns-remap, kind starts its node in the namespace of the host, and all other containers of a lab run as other users',
    worst: 'warn',
    judge: ({ engine }) => given(engine, ({ info }) => remappingOf(info)),
  },
  {
    id: 'MD-HOST-017',
    subject: 'engine',
    title: 'the storage driver shares the layers of images',
    why: 'with other drivers, every container is a full copy of its image: a lab takes several times the disk space, and its node starts slowly',
    worst: 'warn',
    judge: ({ engine }) =>
      given(engine, ({ info: { storageDriver } }) =>
        COPYING.has(storageDriver)
          ? warn(`the storage driver is ${storageDriver}`, [
              'set "storage-driver": "overlay2" in /etc/docker/daemon.json, then restart Docker',
              'docker info --format {{.Driver}}',
            ])
          : ok(`storage driver ${storageDriver}`),
      ),
  },
  {
    id: 'MD-HOST-018',
    subject: 'engine',
    title: 'the address pools of the engine have subnets left',
    why: 'a lab needs two container networks, and the engine refuses to create one without a free subnet',
    worst: 'fatal',
    judge: ({ engine, networks }, { lab }) =>
      given(engine, ({ info }) => given(networks, (all) => poolsOf(info, all, lab))),
  },
];

/** Drivers that copy a layer instead of mounting it, or that Docker has removed since. */
const COPYING: ReadonlySet<string> = new Set(['vfs', 'devicemapper', 'aufs']);

function placeOf({ endpoint }: EngineSeen, lab: Lab): Judgement {
  const at = dockerHostOf(endpoint);
  if (endpoint.kind === 'socket' || HERE.test(endpoint.host)) return ok(at);
  return warn(`the engine is ${at}, which is another machine`, [
    'docker context use default',
    `ssh -N -L ${lab.httpsPort}:127.0.0.1:${lab.httpsPort} ${endpoint.host}`,
  ]);
}

/** How its users call it. */
function kindOf({ product, version, os, hostName, securityOptions }: EngineInfo): string {
  const app = /rancher/i.test(`${os} ${hostName}`)
    ? 'Rancher Desktop'
    : /docker desktop/i.test(os)
      ? 'Docker Desktop'
      : /colima/i.test(hostName)
        ? 'Colima'
        : os;
  const name = product === 'podman' ? 'Podman' : 'Docker';
  return `${name} ${version} (${app}${isRootless({ securityOptions }) ? ', rootless' : ''})`;
}

function privilegedOn({ info, diskIsHere }: EngineSeen, machine: MachineFacts): Judgement {
  if (!diskIsHere) return skip('the engine runs in a virtual machine or on another machine');
  if (machine.capabilityBounds === undefined) return skip('the kernel reports no capabilities');
  if (!needsThinRuntime(machine)) return ok('CAP_SYS_RESOURCE is available');
  if (info.defaultRuntime === RUNTIME_NAME)
    return ok(`CAP_SYS_RESOURCE is not available; the engine uses the OCI runtime ${RUNTIME_NAME}`);
  return warn(
    `CAP_SYS_RESOURCE is not available to this process, and the engine uses the OCI runtime ${info.defaultRuntime}`,
    [
      'docker run --rm --privileged --entrypoint true IMAGE',
      'stop this engine, then: meshdev engine start --yes',
    ],
  );
}

function remappingOf(info: EngineInfo): Judgement {
  if (!info.securityOptions.some((option) => option.includes('userns')))
    return ok(isRootless(info) ? 'rootless: one user namespace for the engine' : 'no userns-remap');
  return warn('the engine runs with userns-remap; no lab was run on such an engine yet', [
    'remove "userns-remap" from /etc/docker/daemon.json, then restart Docker',
    'docker context use default',
  ]);
}

function poolsOf(info: EngineInfo, networks: readonly Network[], lab: Lab): Judgement {
  const own = [lab.network, lab.idpNetwork];
  const missing = own.filter((name) => !networks.some((network) => network.name === name));
  if (missing.length === 0) return ok(`the networks ${own.join(' and ')} exist`);
  const problem = poolProblem(info, networks, missing.length);
  return problem === undefined ? ok(`${networks.length} networks exist`) : fatal(problem);
}
