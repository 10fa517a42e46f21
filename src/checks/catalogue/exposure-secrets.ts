import type { Lab } from '../../topology/lab.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import { leakVerdict } from '../leaks.ts';
import type { KeyCopies, Machine, PrivateEntry, PrivateFiles } from '../../evidence/exposure.ts';
import type { ContainerFacts } from '../../evidence/components.ts';
import type { Verdict } from '../verdict.ts';

/** Files, keys, and what others may read. */
export const SECRET_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EXPO-008',
    title: 'key files have mode 0600 in directories of this user with mode 0700',
    impact: 'other users of the machine can read keys',
    hint: 'the state directory of the lab',
    hop: 'lab',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['private.files'],
    judge: ({ 'private.files': files }) => privateVerdict(files),
  }),
  defineCheck({
    id: 'MD-EXPO-009',
    title: 'no container, volume, Secret or ConfigMap contains a CA key that it does not need',
    impact: 'copies of a root remain after the lab is removed',
    hint: 'the place that the message names',
    hop: 'lab',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['key.copies'],
    judge: ({ 'key.copies': copies }, { lab }) =>
      eachCase(
        Object.entries(copies.authorities).map(([id, digest]) => [id, copiesOf(copies, { id, digest }, lab)]),
      ),
  }),
  defineCheck({
    id: 'MD-EXPO-010',
    title: 'logs, process lists, environments and specifications contain no secret',
    impact: 'meshdev or a component of the lab leaks a secret',
    hint: 'the place and the request that the message names; a token expires at the time in the message',
    hop: 'lab',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['leaks'],
    judge: ({ leaks }, { lab }) => leakVerdict(leaks, lab),
  }),
  defineCheck({
    id: 'MD-EXPO-011',
    title: '`up` added nothing to the trust stores, hosts file and kubeconfig of the machine',
    impact: 'a file of the user contains data of the lab',
    hint: 'the file that the message names',
    hop: 'host',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['machine'],
    judge: ({ machine }) => machineVerdict(machine),
  }),
  defineCheck({
    id: 'MD-EXPO-012',
    title: 'no container of the lab mounts the engine socket or files of the user',
    impact: 'code in the lab can take over the machine',
    hint: '`docker inspect` of the container that the message names',
    hop: 'lab',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['parts'],
    judge: ({ parts: { containers } }, { lab }) => {
      const here = containers.filter(({ state }) => state !== 'absent');
      if (here.length === 0) return unknown('EVIDENCE_MISSING', 'the engine has no container of this lab');
      const mounted = here.flatMap((container) => foreignMounts(container, lab));
      return mounted.length === 0
        ? pass(`${here.length} containers`)
        : fail('EXPO_HOST_MOUNTED', mounted.join(' · '), ['meshdev down', 'meshdev up']);
    },
  }),
];

function privateVerdict({ entries, uid }: PrivateFiles): Verdict {
  if (uid === undefined) return pass('this system has no file modes');
  const wrong = entries.flatMap((entry) => privateTrouble(entry, uid) ?? []);
  if (entries.length === 0) return unknown('EVIDENCE_MISSING', 'the lab has no files');
  return wrong.length === 0
    ? pass(`${entries.length} entries`)
    : fail('EXPO_KEY_READABLE', wrong.map(({ seen }) => seen).join(' · '), [
        ...wrong.map(({ remedy }) => remedy),
        'meshdev check',
      ]);
}

function privateTrouble({ path, kind, mode, uid: owner }: PrivateEntry, uid: number) {
  const wanted = kind === 'directory' ? '700' : '600';
  if (kind === 'other') return { seen: `${path} is neither a file nor a directory`, remedy: `rm ${path}` };
  if (owner !== uid) return { seen: `${path} belongs to user ${owner}`, remedy: `chown ${uid} ${path}` };
  if ((mode & 0o077) === 0) return undefined;
  return {
    seen: `${path} has mode ${mode.toString(8)}, expected ${wanted}`,
    remedy: `chmod ${wanted} ${path}`,
  };
}

/**
 * Who needs the private half: the edge issues by its intermediate, istiod by its own, from a secret
 * that the node mounts for it. The roots sign on this machine and are nowhere else.
 */
function holders({ containers, cluster }: Lab): Readonly<Record<string, readonly RegExp[]>> {
  return {
    'edge-intermediate': [new RegExp(`^container ${containers.edge} /etc/meshdev/edge-intermediate\\.key$`)],
    'istiod-ca': [
      /^secret istio-system\/cacerts ca-key\.pem$/,
      new RegExp(
        `^container ${cluster.node} /var/lib/kubelet/pods/[^/]+/volumes/kubernetes\\.io~secret/cacerts/`,
      ),
    ],
  };
}

function copiesOf(
  { found, searched, places }: KeyCopies,
  { id, digest }: { readonly id: string; readonly digest: string },
  lab: Lab,
): Verdict {
  const partly = searched.filter((place) => place.startsWith('only a part'));
  const needed = holders(lab)[id] ?? [];
  const copies = found.filter(
    ({ fingerprint, where }) => fingerprint === digest && !needed.some((place) => place.test(where)),
  );
  if (copies.length > 0)
    return fail(
      'EXPO_CA_KEY_COPIED',
      `the key of ${id} is in ${copies.map(({ where }) => where).join(' · ')}`,
      ['meshdev down', 'meshdev up'],
    );
  if (partly.length > 0) return unknown('EVIDENCE_MISSING', `searched ${partly.join(', ')}`);
  const own = found.filter(({ fingerprint }) => fingerprint === digest).length;
  // A search that finds not even the key that must be there has found nothing about the others either.
  if (needed.length > 0 && own === 0)
    return unknown('EVIDENCE_MISSING', `the key of ${id} was not found in the place that needs it either`);
  return pass(`searched ${searched.join(', ')}; in containers, the text files below ${places.join(', ')}`);
}

function machineVerdict({ now, before }: Machine): Verdict {
  const fresh = now.flatMap(({ path, mentions }) =>
    mentions
      .filter((mark) => before?.[path]?.mentions.includes(mark) !== true)
      .map((mark) => `${path} contains ${mark}`),
  );
  if (fresh.length > 0)
    return fail('EXPO_MACHINE_CHANGED', `${fresh.join(' · ')}, without consent`, ['meshdev check']);
  if (before === undefined)
    return pass('they contain no data of this lab; `up` of this lab recorded nothing else');
  const changed = now.filter(
    ({ path, digest }) => before[path] !== undefined && before[path].digest !== digest,
  );
  return changed.length === 0
    ? pass('as before `up`')
    : pass(`changed by other programs since \`up\`: ${changed.map(({ path }) => path).join(', ')}`);
}

/** kind gives every node the kernel's modules, read-only; nothing else of the machine is in a container. */
function foreignMounts({ name, mounts }: ContainerFacts, lab: Lab): readonly string[] {
  return mounts
    .filter(({ kind }) => kind === 'bind')
    .filter(({ source, readOnly }) => !(name === lab.cluster.node && source === '/lib/modules' && readOnly))
    .map(({ source, target }) => `${name} mounts ${source} at ${target}`);
}
