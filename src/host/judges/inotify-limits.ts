/** A node's systemd, kubelet and containerd take about a hundred; distributions allow 128 for all of a user's. */
export const ENOUGH_INOTIFY = 512;
