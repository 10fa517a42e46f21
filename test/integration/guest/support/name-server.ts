import { createSocket } from 'node:dgram';

/*
 * Usage: node name-server.ts NAME ADDRESS
 * A name server on 127.0.0.1:53 that knows one name. To questions about others it says nothing at all, as one
 * does that cannot reach those it would ask itself.
 */
const [known = '', address = ''] = process.argv.slice(2);
const HEADER_BYTES = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
/** The name of the question, pointed at. */
const SAME_NAME = [0xc0, HEADER_BYTES];

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER_BYTES; (question[at] ?? 0) !== 0; at += (question[at] ?? 0) + 1)
    labels.push(question.toString('latin1', at + 1, at + 1 + (question[at] ?? 0)));
  return labels.join('.');
}

/** The question again, with an address after it, or with nothing where another type was asked for. */
function answerTo(question: Buffer): Buffer {
  const end = HEADER_BYTES + known.length + 6;
  const answer = Buffer.from(question.subarray(0, end));
  const count = question.readUInt16BE(end - 4) === TYPE_A ? 1 : 0;
  // A response, authoritative, without an error; then how many records of each kind follow the question.
  answer.writeUInt16BE(0x8580, 2);
  answer.writeUInt16BE(count, 6);
  answer.writeUInt16BE(0, 8);
  answer.writeUInt16BE(0, 10);
  const ttlAndLength = [0, 0, 0, 0, 0, 4];
  const record = [...SAME_NAME, 0, TYPE_A, 0, CLASS_IN, ...ttlAndLength, ...address.split('.').map(Number)];
  return count === 0 ? answer : Buffer.concat([answer, Buffer.from(record)]);
}

const socket = createSocket('udp4');
socket.on('message', (question, { port, address: asker }) => {
  if (nameIn(question) === known) socket.send(answerTo(question), port, asker);
});
socket.bind(53, '127.0.0.1', () => process.stdout.write('listening\n'));
