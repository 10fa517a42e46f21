import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { EngineSeen, Fact, InotifyLimits, KernelModule } from '../../ports/host-facts.ts';
import { absent, seen } from './read-fact.ts';

export async function readInotify(platform: string): Promise<Fact<InotifyLimits>> {
  if (platform !== 'linux') return absent('nodes run in a virtual machine');
  const [instances, watches] = await Promise.all([
    readLimit('/proc/sys/fs/inotify/max_user_instances'),
    readLimit('/proc/sys/fs/inotify/max_user_watches'),
  ]);
  return seen({ instances, watches });
}

/** @throws Error naming what the file says */
async function readLimit(path: string): Promise<number> {
  const text = await readFile(path, 'utf8');
  const limit = Number.parseInt(text, 10);
  if (Number.isNaN(limit)) throw new Error(`${path} says ${JSON.stringify(text)}`);
  return limit;
}

/** Modules by their file names, and the setting that builds each of them into a kernel; one of several is enough. */
const NEEDED: readonly (readonly [name: string, any: Readonly<Record<string, string>>])[] = [
  ['overlay', { overlay: 'CONFIG_OVERLAY_FS' }],
  ['veth', { veth: 'CONFIG_VETH' }],
  ['bridge', { bridge: 'CONFIG_BRIDGE' }],
  ['br_netfilter', { br_netfilter: 'CONFIG_BRIDGE_NETFILTER' }],
  ['nf_conntrack', { nf_conntrack: 'CONFIG_NF_CONNTRACK' }],
  ['iptable_nat', { iptable_nat: 'CONFIG_IP_NF_NAT', nft_chain_nat: 'CONFIG_NFT_NAT' }],
  ['xt_REDIRECT', { xt_REDIRECT: 'CONFIG_NETFILTER_XT_TARGET_REDIRECT', nft_redir: 'CONFIG_NFT_REDIR' }],
  ['xt_owner', { xt_owner: 'CONFIG_NETFILTER_XT_MATCH_OWNER' }],
];

/** What a kernel says of its modules; each part may be missing. */
export interface ModuleSources {
  /** /proc/modules */
  readonly loaded: string;
  /** modules.builtin of the running kernel. */
  readonly builtIn: string;
  /** modules.dep of the running kernel. */
  readonly loadable: string;
  /** /proc/config.gz, unpacked. */
  readonly config: string;
}

export async function readModules(
  engine: Fact<EngineSeen>,
  { platform, release }: { readonly platform: string; readonly release: string },
): Promise<Fact<readonly KernelModule[]>> {
  if (platform !== 'linux') return absent('nodes run in a virtual machine, which brings its kernel');
  if (engine.kind === 'seen' && !engine.value.diskIsHere)
    return absent('the engine runs in a virtual machine or on another machine, with a kernel of its own');
  const dir = `/lib/modules/${release}`;
  const [loaded, builtIn, loadable, config] = await Promise.all([
    readText('/proc/modules'),
    readText(`${dir}/modules.builtin`),
    readText(`${dir}/modules.dep`),
    readConfig(),
  ]);
  const modules = modulesIn({ loaded, builtIn, loadable, config });
  if (modules !== undefined) return seen(modules);
  await stat(dir);
  throw new Error(`neither ${dir} nor /proc/config.gz lists the modules of the kernel`);
}

/** The modules that a lab needs; undefined where the kernel does not say what it has. Pure. */
export function modulesIn(sources: ModuleSources): readonly KernelModule[] | undefined {
  const { builtIn, loadable, config } = sources;
  if (builtIn === '' && loadable === '' && config === '') return undefined;
  return NEEDED.map(([name, any]) => {
    const states = new Set(Object.entries(any).map(([module, setting]) => stateOf(module, setting, sources)));
    return { name, state: BEST.find((state) => states.has(state)) ?? 'missing' };
  });
}

const BEST = ['loaded', 'built-in', 'loadable'] as const;

function stateOf(
  module: string,
  setting: string,
  { loaded, builtIn, loadable, config }: ModuleSources,
): KernelModule['state'] {
  if (new RegExp(`^${module} `, 'm').test(loaded)) return 'loaded';
  if (hasFile(builtIn, module) || new RegExp(`^${setting}=y$`, 'm').test(config)) return 'built-in';
  return hasFile(loadable, module) ? 'loadable' : 'missing';
}

/** Files spell a module with hyphens or underscores, and may be packed. */
function hasFile(list: string, module: string): boolean {
  const name = module.replaceAll('_', '[-_]');
  return new RegExp(String.raw`(?:^|/)${name}\.ko(?:\.\w+)?(?::|$)`, 'm').test(list);
}

async function readConfig(): Promise<string> {
  const packed = await readFile('/proc/config.gz').catch(() => undefined);
  return packed === undefined ? '' : (await promisify(gunzip)(packed)).toString('utf8');
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
