import { Command } from 'commander';
import { warningsFor } from '../../advisories.ts';
import { type Profile, PROFILES } from '../../profiles.ts';
import { json } from '../../report/json.ts';
import { GO_PINS } from '../../versions.ts';
import { type CommonOptions, withCommon } from '../options.ts';
import { print } from '../print.ts';
import { meshdevVersion } from '../package-version.ts';
import { profileInForce } from '../profile-in-force.ts';
import type { Act } from '../act.ts';

export function versionCommand(act: Act): Command {
  return withCommon(new Command('version')).action(
    act(async (cli, options: CommonOptions) => {
      const { name, because } = await profileInForce(cli, {});
      const profile = PROFILES[name];
      const { envoy, cni } = profile;
      const versions = { meshdev: await meshdevVersion(cli.packageDir), ...versionsOf(profile) };
      const warnings = warningsFor(name);
      if (options.output === 'json')
        cli.out(asJson(versions, { profile: { name, because, envoy, cni }, warnings }));
      else print(cli, asText({ ...versions, profile: `${name} (${because})` }, warnings));
      return 0;
    }),
  );
}

/** Of what images are made from, and of what kind and Istio bring in theirs. Pure. */
export function versionsOf({ name, versions, images }: Profile): Readonly<Record<string, string>> {
  const built = Object.fromEntries(Object.entries(GO_PINS).map(([part, pin]) => [part, pin.version]));
  const { kubernetes, istio, caddy, envoy = `in ${images.proxyv2.name}` } = versions;
  const inNode = `in ${images.node.name}`;
  const parts =
    name === 'stock' ? {} : { containerd: inNode, runc: inNode, cni: inNode, etcd: inNode, coredns: inNode };
  return { ...built, ...parts, kubernetes, istio, caddy, envoy };
}

/** `kind` says what the document is; the version of the tool of that name is below `versions`, as are all. */
function asJson(versions: Readonly<Record<string, string>>, more: Readonly<Record<string, unknown>>): string {
  return json({ ...versions, schemaVersion: '1', kind: 'Versions', versions, ...more });
}

function asText(versions: Readonly<Record<string, string>>, warnings: readonly string[]): string {
  const lines = Object.entries(versions).map(([name, version]) => `${name.padEnd(12)} ${version}\n`);
  return [...lines, ...warnings.map((warning) => `warning      ${warning}\n`)].join('');
}
