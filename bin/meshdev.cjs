#!/usr/bin/env node
// Old versions of Node.js have to read this file, so that they can say what is wrong: no syntax after ES5 here.
'use strict';

var wanted = /(\d+)\.(\d+)\.(\d+)/.exec(require('../package.json').engines.node);
var running = /^(\d+)\.(\d+)\.(\d+)/.exec(process.versions.node);

function isOlder() {
  for (var part = 1; part <= 3; part += 1) {
    var difference = Number(running[part]) - Number(wanted[part]);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

if (isOlder()) {
  process.stderr.write(
    'meshdev: Node.js ' +
      wanted[0] +
      ' or newer is needed, and this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ')\n  run    install a newer Node.js, then npm install --global meshdev again\n',
  );
  process.exitCode = 3;
} else {
  require('./start.cjs');
}
