import { Command } from 'commander';
import { json } from '../../report/json.ts';
import { ENVOY_VERSION, GO_PINS, ISTIO_VERSION } from '../../versions.ts';
import { type CommonOptions, withCommon } from '../options.ts';
import { meshdevVersion } from '../package-version.ts';
import type { Act } from '../program.ts';

export function versionCommand(act: Act): Command {
  return withCommon(new Command('version')).action(
    act(async ({ out, packageDir }, options: CommonOptions) => {
      const versions = await versionsOf(packageDir);
      out(options.output === 'json' ? json(versions) : asText(versions));
      return 0;
    }),
  );
}

async function versionsOf(packageDir: string): Promise<Record<string, string>> {
  const pins = Object.entries(GO_PINS).map(([name, pin]) => [name, pin.version]);
  return {
    meshdev: await meshdevVersion(packageDir),
    ...Object.fromEntries(pins),
    istio: ISTIO_VERSION,
    envoy: ENVOY_VERSION,
  };
}

function asText(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name.padEnd(12)} ${version}\n`)
    .join('');
}
