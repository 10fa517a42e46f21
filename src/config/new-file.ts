import { stringify } from 'yaml';
import type { SourceKey } from './services/service-schema.ts';

/** What `init` knows of one service. */
export interface NewService {
  readonly id: string;
  readonly source: SourceKey;
  /** Image, directory or path; of `local`, nothing. */
  readonly from: string;
  readonly port: number;
  readonly appProtocol: string;
  /** Empty: inside the mesh only. */
  readonly host: string;
  readonly roles: readonly string[];
}

/** A service as meshdev.yaml has it; what is the default is left out. Pure. */
export function newService({ source, from, port, appProtocol, host, roles }: NewService) {
  const origin = source === 'local' ? { local: { port } } : { [source]: from, port };
  return {
    ...origin,
    ...(appProtocol === 'http' ? {} : { appProtocol }),
    ...(host === '' ? {} : { host }),
    ...(roles.length === 0 ? {} : { allow: [{ roles }] }),
  };
}

const HEAD = '# The configuration of a lab: see meshdev docs configuration, and meshdev docs services.\n';

/** The text of a new file. Pure. */
export function newFile(values: Readonly<Record<string, unknown>>): string {
  return `${HEAD}${stringify({ apiVersion: 'meshdev/v1', ...values }, { lineWidth: 0 })}`;
}
