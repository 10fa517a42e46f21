import { LABEL } from '../../../topology/labels.ts';
import type { Service } from '../../../topology/service.ts';

/** Names the service of meshdev.yaml that an object belongs to: so it is found when the file has that service no more. */
export function ownLabels({ id, app }: Service): Readonly<Record<string, string>> {
  return app === 'echo' ? {} : { [LABEL.service]: id };
}
