import type { KubeObject } from '../../../ports/cluster.ts';
import type { Lab } from '../../../topology/lab.ts';
import type { ContainerService } from '../../../topology/service.ts';
import { labObject } from '../object.ts';
import { ownLabels } from './own-labels.ts';
import type { LabMaterial, ServiceMaterial } from './service-material.ts';

/** Where secrets are mounted, as compose has them. */
const SECRETS_DIR = '/run/secrets';
/** The edge's root certificate, where `trust` mounts it. */
const TRUST_DIR = '/etc/meshdev';
const TRUST_FILE = `${TRUST_DIR}/ca.crt`;

type Part = Readonly<Record<string, unknown>>;

/** Parts of a pod that give a container its files and its secret variables. */
export interface Mounts {
  readonly volumes: readonly Part[];
  readonly volumeMounts: readonly Part[];
  readonly env: readonly Part[];
}

interface Made extends Mounts {
  readonly objects: readonly KubeObject[];
}

const NOTHING: Made = { objects: [], volumes: [], volumeMounts: [], env: [] };

/** The Secret and ConfigMaps of a service, and how its pod takes them. */
export function serviceMounts(
  lab: Lab,
  service: ContainerService,
  material: ServiceMaterial & { readonly lab: LabMaterial },
): { readonly objects: readonly KubeObject[]; readonly mounts: Mounts } {
  const parts = [
    variables(lab, service, material),
    secretFiles(lab, service, material),
    projectFiles(lab, service, material),
    emptyDirectories(service),
    trust(lab, service, material.lab),
  ];
  const all = <Key extends keyof Made>(key: Key): Made[Key][number][] => parts.flatMap((part) => part[key]);
  return {
    objects: all('objects'),
    mounts: { volumes: all('volumes'), volumeMounts: all('volumeMounts'), env: all('env') },
  };
}

/** One reference each: `envFrom` would take keys that are added later, and says nothing of those that are missing. */
function variables(lab: Lab, service: ContainerService, { variables: values }: ServiceMaterial): Made {
  const names = Object.keys(values).toSorted();
  if (names.length === 0) return NOTHING;
  const name = `${service.id}-variables`;
  const secret = dataObject(lab, service, 'Secret', name, encodeTexts(values));
  const env = names.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name, key } } }));
  return { ...NOTHING, objects: [secret], env };
}

function secretFiles(lab: Lab, service: ContainerService, { secretFiles: files }: ServiceMaterial): Made {
  if (Object.keys(files).length === 0) return NOTHING;
  const name = `${service.id}-secrets`;
  return {
    ...NOTHING,
    objects: [dataObject(lab, service, 'Secret', name, encode(files))],
    volumes: [{ name: 'secrets', secret: { secretName: name, defaultMode: 0o444 } }],
    volumeMounts: [{ name: 'secrets', mountPath: SECRETS_DIR, readOnly: true }],
  };
}

/** Each file at its own path: what the image has beside it stays. */
function projectFiles(lab: Lab, service: ContainerService, { files }: ServiceMaterial): Made {
  const entries = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return NOTHING;
  const name = `${service.id}-files`;
  const keyed = entries.map(([at, content], index) => ({ at, key: `file-${index}`, content }));
  const data = encode(Object.fromEntries(keyed.map(({ key, content }) => [key, content])));
  return {
    ...NOTHING,
    objects: [dataObject(lab, service, 'ConfigMap', name, data)],
    volumes: [{ name: 'files', configMap: { name } }],
    volumeMounts: keyed.map(({ at, key }) => ({
      name: 'files',
      mountPath: at,
      subPath: key,
      readOnly: true,
    })),
  };
}

function emptyDirectories({ container: { volumes } }: ContainerService): Made {
  const empty = volumes.filter(({ kind }) => kind === 'empty');
  return {
    ...NOTHING,
    volumes: empty.map((_each, index) => ({ name: `empty-${index}`, emptyDir: {} })),
    volumeMounts: empty.map(({ at }, index) => ({ name: `empty-${index}`, mountPath: at })),
  };
}

/** The variables that Node.js, OpenSSL and Go, Python's requests and curl read. */
function trust(lab: Lab, service: ContainerService, { edgeRootPem }: LabMaterial): Made {
  if (!service.container.trust) return NOTHING;
  const name = `${service.id}-edge-root`;
  const names = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'];
  return {
    objects: [dataObject(lab, service, 'ConfigMap', name, encodeTexts({ 'ca.crt': edgeRootPem }))],
    volumes: [{ name: 'edge-root', configMap: { name } }],
    volumeMounts: [{ name: 'edge-root', mountPath: TRUST_DIR, readOnly: true }],
    env: names.map((variable) => ({ name: variable, value: TRUST_FILE })),
  };
}

function dataObject(
  lab: Lab,
  service: ContainerService,
  kind: 'Secret' | 'ConfigMap',
  name: string,
  data: Readonly<Record<string, string>>,
): KubeObject {
  const { namespace } = service.identity;
  return labObject(
    lab,
    { apiVersion: 'v1', kind, name, namespace, role: 'service', labels: ownLabels(service) },
    kind === 'Secret' ? { type: 'Opaque', data } : { binaryData: data },
  );
}

function encodeTexts(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return encode(Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text)])));
}

function encode(contents: Readonly<Record<string, Uint8Array>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(contents).map(([key, content]) => [key, Buffer.from(content).toString('base64')]),
  );
}
