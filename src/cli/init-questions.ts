import type { z } from 'zod';
import { type NewService, newService } from '../config/new-file.ts';
import { labDomain, tcpPort } from '../config/schema.ts';
import { SOURCE_KEYS, type SourceKey } from '../config/services/service-schema.ts';
import { filePath, hostName, imageName, label, roleName } from '../config/services/words.ts';
import type { Questions } from '../ports/questions.ts';
import { DEFAULT_CHOICE } from '../topology/lab.ts';
import { APP_PROTOCOLS } from '../topology/service.ts';

/** The answers as values of meshdev.yaml: a zone, and as many services as somebody names. */
export async function askForServices(ask: Questions): Promise<Readonly<Record<string, unknown>>> {
  const domain = await ask.text('DNS zone of the lab', DEFAULT_CHOICE.domain, refusedBy(labDomain));
  const services: Record<string, unknown> = {};
  do {
    const id = await ask.text('Name of a service of yours (empty: none)', '', (answer) =>
      answer === '' ? undefined : refusedBy(label)(answer),
    );
    if (id === '') break;
    services[id] = newService(await askForService(ask, id));
  } while (await ask.confirm('Another service?'));
  return { domain, ...(Object.keys(services).length === 0 ? {} : { services }) };
}

const FROM: Readonly<Record<Exclude<SourceKey, 'local'>, readonly [question: string, initial: string]>> = {
  image: ['Its image', ''],
  build: ['Directory that its image is built from', '.'],
  manifests: ['File or directory of its Kubernetes objects', './k8s'],
};

async function askForService(ask: Questions, id: string): Promise<NewService> {
  const source = await ask.choose('Where does it come from', SOURCE_KEYS);
  const from =
    source === 'local'
      ? ''
      : await ask.text(...FROM[source], refusedBy(source === 'image' ? imageName : filePath));
  const port = Number(await ask.text('Port that it listens on', '8080', refusedBy(tcpPort)));
  const appProtocol = await ask.choose('What it speaks', APP_PROTOCOLS);
  const service = { id, source, from, port, appProtocol };
  if (appProtocol === 'tcp') return { ...service, host: '', roles: [] };
  const host = await ask.text('Host at the edge ("-": none)', id, (answer) =>
    answer === '-' ? undefined : refusedBy(hostName)(answer),
  );
  if (host === '-') return { ...service, host: '', roles: [] };
  const role = await ask.text('Role that may call it', 'admin', refusedBy(roleName));
  return { ...service, host, roles: [role] };
}

/** Why the schema does not take an answer. */
function refusedBy(schema: z.ZodType): (answer: string) => string | undefined {
  return (answer) => {
    const read = schema.safeParse(answer);
    return read.success ? undefined : read.error.issues[0]?.message;
  };
}
