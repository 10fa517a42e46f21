/** What the engine means by its words, and what helps. */
export interface EngineCause {
  /** One clause, without a full stop. */
  readonly because: string;
  readonly remedies: readonly string[];
}

type Row = readonly [words: RegExp, because: string, remedies: readonly string[]];

const FREE_SPACE = ['docker system df', 'meshdev images prune'];

/**
 * Words of Docker, containerd, runc, libnetwork and the kernel, as they reach the answer of the engine. The first row
 * that matches decides.
 */
const ROWS: readonly Row[] = [
  [
    /non-overlapping IPv4 address pool|predefined address pools have been fully subnetted/i,
    'all address pools of the engine are in use by networks',
    ['docker network ls', 'docker network prune'],
  ],
  [
    /pool overlaps with other one on this address space/i,
    'another network of the engine has these addresses',
    ['docker network ls'],
  ],
  [
    /no chain\/target\/match by that name|chain '?DOCKER\S* .*(?:does not exist|not found)/i,
    'the iptables chains of the engine are gone, as after a restart of a firewall; the engine makes them when it starts',
    ['sudo systemctl restart docker'],
  ],
  [
    /can't initialize iptables table|table does not exist \(do you need to insmod/i,
    'the kernel has no iptables tables: its modules are not loaded',
    ['sudo modprobe -a ip_tables iptable_nat iptable_filter'],
  ],
  [
    /modprobe: .*(?:not found|can't)|module (\S+) not found|br_?netfilter|bridge-nf-call/i,
    'a module of the kernel is missing',
    ['sudo modprobe -a overlay br_netfilter', 'meshdev doctor'],
  ],
  [
    /too many open files|inotify/i,
    'a limit of open files or of inotify instances is reached',
    ['meshdev doctor --fix'],
  ],
  [
    /port is already allocated|address already in use/i,
    'another container or process listens on the port',
    ['docker ps', 'meshdev doctor'],
  ],
  [/no space left on device/i, 'the disk of the engine is full', FREE_SPACE],
  [/disk quota exceeded/i, 'the disk quota of the engine is used up', FREE_SPACE],
  [
    /cannot allocate memory|out of memory/i,
    'the machine, or the virtual machine of the engine, has too little free memory',
    ['docker stats --no-stream', 'meshdev doctor'],
  ],
  [
    /incompatible with user namespaces|host'?s? network namespace when user namespaces are enabled/i,
    'the engine runs with userns-remap',
    ['remove "userns-remap" from /etc/docker/daemon.json, then restart Docker'],
  ],
  [
    /unknown or invalid runtime name|unknown runtime specified/i,
    'the engine does not know the OCI runtime that it is to use',
    ["docker info --format '{{.DefaultRuntime}} {{json .Runtimes}}'"],
  ],
  [
    /cgroups?: .*(?:mountpoint does not exist|cannot find cgroup mount)|cgroup .*not mounted/i,
    'the engine finds no cgroups',
    ['meshdev doctor'],
  ],
  [
    /apparmor .*(?:failed|could not|unable)|apparmor_parser/i,
    'the engine cannot load its AppArmor profile',
    ['sudo apt-get install apparmor', 'sudo systemctl restart docker'],
  ],
  [
    /failed to create shim|OCI runtime create failed/i,
    'the OCI runtime could not start the container',
    ['meshdev doctor', 'meshdev engine status'],
  ],
  [
    /client version \S+ is too (?:new|old)/i,
    'this engine speaks another version of the API than meshdev',
    ['docker version', 'meshdev doctor'],
  ],
  [
    /x509: certificate signed by unknown authority/i,
    'a certificate on the way is of an authority that the engine does not know, such as that of a proxy',
    ['meshdev docs images'],
  ],
];

/** Pure: the cause behind the words of the engine; undefined where they say it themselves. */
export function causeOf(said: string): EngineCause | undefined {
  const row = ROWS.find(([words]) => words.test(said));
  if (row === undefined) return undefined;
  const [, because, remedies] = row;
  return { because, remedies };
}
