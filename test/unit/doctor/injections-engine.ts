import { networkOf } from './healthy.ts';
import { engine, type Injection, machine, place, pool } from './injection.ts';

export const OF_ENGINE: readonly Injection[] = [
  {
    cause: 'no engine answers',
    facts: {
      engineAnswer: {
        kind: 'silent',
        because: 'DOCKER_HOST is unix:///nonexistent, and no engine answers there',
        remedies: ['unset DOCKER_HOST'],
      },
    },
    finds: [
      {
        id: 'MD-HOST-001',
        state: 'fatal',
        code: 'ENGINE_NOT_FOUND',
        seen: /nonexistent/,
        run: 'unset DOCKER_HOST',
      },
    ],
  },
  {
    cause: 'DOCKER_HOST names another machine',
    facts: engine({}, { endpoint: { kind: 'tcp', host: '10.0.0.5', port: 2375 }, diskIsHere: false }),
    finds: [
      {
        id: 'MD-HOST-014',
        state: 'warn',
        seen: /tcp:\/\/10\.0\.0\.5:2375/,
        run: /^ssh -N -L 443:127\.0\.0\.1:443 10/,
      },
      { id: 'MD-HOST-002', state: 'skip', seen: /another machine/ },
    ],
  },
  {
    cause: 'Podman answers',
    facts: engine({ product: 'podman', version: '5.4.2' }),
    finds: [
      {
        id: 'MD-HOST-015',
        state: 'fatal',
        code: 'ENGINE_NOT_FIT',
        seen: /Podman 5\.4\.2/,
        run: 'unset DOCKER_HOST',
      },
    ],
  },
  {
    cause: 'an engine that is too old',
    facts: engine({ version: '19.03.15' }),
    finds: [{ id: 'MD-HOST-015', state: 'fatal', code: 'ENGINE_NOT_FIT', seen: /19\.03\.15.*20\.10/ }],
  },
  {
    cause: 'an architecture without images',
    facts: engine({ arch: 'riscv64' }),
    finds: [{ id: 'MD-HOST-015', state: 'fatal', code: 'ENGINE_NOT_FIT', seen: /riscv64/ }],
  },
  {
    cause: 'no CAP_SYS_RESOURCE',
    facts: machine({ capabilityBounds: 0x1ff_feff_ffffn }),
    finds: [
      { id: 'MD-HOST-002', state: 'warn', seen: /CAP_SYS_RESOURCE.*runc/, run: /meshdev engine start/ },
    ],
  },
  {
    cause: 'rootless on cgroup v1',
    facts: engine({ securityOptions: ['name=rootless'], cgroupVersion: '1' }),
    finds: [{ id: 'MD-HOST-003', state: 'fatal', code: 'ENGINE_NOT_FIT', seen: /cgroup v1/ }],
  },
  {
    cause: 'rootless without delegated controllers',
    facts: engine({ securityOptions: ['name=rootless'], limits: { memory: true, cpu: false, pids: true } }),
    finds: [
      {
        id: 'MD-HOST-003',
        state: 'fatal',
        code: 'ENGINE_NOT_FIT',
        seen: /cpu are not delegated/,
        run: /Delegate=yes/,
      },
    ],
  },
  {
    cause: 'userns-remap',
    facts: engine({ securityOptions: ['name=userns'] }),
    finds: [{ id: 'MD-HOST-016', state: 'warn', seen: /userns-remap/, run: /daemon\.json/ }],
  },
  {
    cause: 'a storage driver that copies',
    facts: engine({ storageDriver: 'vfs' }),
    finds: [{ id: 'MD-HOST-017', state: 'warn', seen: /vfs/, run: /overlay2/ }],
  },
  {
    cause: 'address pools that are used up',
    facts: { ...engine(pool), networks: [networkOf('other', '10.1.0.0/25', 'eeeeeeeeeeeeffff')] },
    finds: [
      {
        id: 'MD-HOST-018',
        state: 'fatal',
        code: 'ENGINE_NOT_FIT',
        seen: /2 free subnets.*leave 1/,
        run: 'docker network prune',
      },
      { id: 'MD-HOST-007', state: 'warn', seen: /leave 1 subnets/ },
    ],
  },
];

export const OF_RESOURCES: readonly Injection[] = [
  {
    cause: 'too little memory',
    facts: engine({ memoryBytes: 1024 ** 3 }),
    finds: [
      {
        id: 'MD-HOST-004[memory]',
        state: 'fatal',
        code: 'ENGINE_NOT_FIT',
        seen: /1\.0 GiB/,
        run: /more memory/,
      },
    ],
  },
  {
    cause: 'little memory',
    facts: engine({ memoryBytes: 2 * 1024 ** 3 }),
    finds: [{ id: 'MD-HOST-004[memory]', state: 'warn', seen: /2\.0 GiB/, run: /more memory/ }],
  },
  {
    cause: 'one CPU',
    facts: engine({ cpus: 1 }),
    finds: [{ id: 'MD-HOST-004[cpus]', state: 'warn', seen: /^1 CPU;/, run: /another CPU/ }],
  },
  ...(['cache', 'state', 'engine'] as const).flatMap((role): readonly Injection[] => [
    {
      cause: `a full disk below ${role}`,
      facts: place(role, { freeBytes: 1e6 }),
      finds: [
        {
          id: `MD-HOST-019[${role}]`,
          state: 'fatal',
          code: 'DISK_FULL',
          seen: /1 MB are free/,
          run: 'df -h /home/ana',
        },
      ],
    },
    {
      cause: `no inodes below ${role}`,
      facts: place(role, { freeInodes: 3 }),
      finds: [
        {
          id: `MD-HOST-020[${role}]`,
          state: 'fatal',
          code: 'DISK_FULL',
          seen: /^looking for room.*3 inodes/,
          run: 'df -i /home/ana',
        },
      ],
    },
  ]),
  {
    cause: 'little disk space',
    facts: place('cache', { freeBytes: 2e9 }),
    finds: [
      { id: 'MD-HOST-019[cache]', state: 'warn', seen: /2\.0 GB are free/, run: 'meshdev images prune' },
    ],
  },
  {
    cause: 'few inodes',
    facts: place('engine', { freeInodes: 20_000 }),
    finds: [{ id: 'MD-HOST-020[engine]', state: 'warn', seen: /20000 inodes/, run: 'df -i /home/ana' }],
  },
  {
    cause: 'a file system without an inode table',
    facts: place('cache', { inodes: 0, freeInodes: 0 }),
    finds: [{ id: 'MD-HOST-020[cache]', state: 'skip', seen: /no inode table/ }],
  },
  {
    cause: 'a cache that is not writable',
    facts: place('cache', { writable: false }),
    finds: [
      {
        id: 'MD-HOST-012[cache]',
        state: 'fatal',
        code: 'CACHE_NOT_WRITABLE',
        seen: /not permitted to write/,
        run: 'ls -ld /home/ana',
      },
    ],
  },
  {
    cause: 'a state directory of another user',
    facts: place('state', { owned: { mode: 0o700, uid: 0 } }),
    finds: [
      {
        id: 'MD-HOST-012[state]',
        state: 'fatal',
        code: 'STATE_NOT_PRIVATE',
        seen: /belongs to user 0/,
        run: /chown -R 1000/,
      },
    ],
  },
  {
    cause: 'a state directory that others may enter',
    facts: place('state', { owned: { mode: 0o755, uid: 1000 } }),
    finds: [
      {
        id: 'MD-HOST-012[state]',
        state: 'warn',
        seen: /mode 0755/,
        run: 'chmod 700 /home/ana/.local/state/meshdev',
        fix: 'set the mode of /home/ana/.local/state/meshdev to 0700',
      },
    ],
  },
  {
    cause: 'a state directory on a drive of Windows',
    facts: place('state', {}, '/mnt/c/Users/ana/meshdev'),
    finds: [
      { id: 'MD-HOST-012[state]', state: 'fatal', code: 'STATE_NOT_PRIVATE', seen: /drive of Windows/ },
    ],
  },
  {
    cause: 'a state directory on NFS',
    facts: place('state', { networkFileSystem: 'NFS' }),
    finds: [{ id: 'MD-HOST-012[state]', state: 'warn', seen: /NFS/, run: /^XDG_STATE_HOME=/ }],
  },
  {
    cause: 'few inotify instances',
    facts: { inotify: { instances: 128, watches: 524_288 } },
    finds: [
      {
        id: 'MD-HOST-005[inotify-instances]',
        state: 'warn',
        seen: /max_user_instances is 128/,
        run: 'sudo sysctl -w fs.inotify.max_user_instances=1024',
        fix: 'set fs.inotify.max_user_instances to 1024 until this machine restarts',
      },
    ],
  },
  {
    cause: 'few inotify watches',
    facts: { inotify: { instances: 1024, watches: 8192 } },
    finds: [
      {
        id: 'MD-HOST-005[inotify-watches]',
        state: 'warn',
        seen: /max_user_watches is 8192/,
        run: 'sudo sysctl -w fs.inotify.max_user_watches=524288',
        fix: 'set fs.inotify.max_user_watches to 524288 until this machine restarts',
      },
    ],
  },
  {
    cause: 'few open files',
    facts: machine({ openFiles: 256 }),
    finds: [{ id: 'MD-HOST-005[open-files]', state: 'warn', seen: /256 files/, run: 'ulimit -n 1024' }],
  },
];
