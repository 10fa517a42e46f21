// The front end, on the machine of whoever develops it. No packages are needed.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { get } from 'node:https';
import { json } from 'node:stream/consumers';

const { PORT = '5174', API_URL = '', API_TOKEN = '' } = process.env;

/** The edge is on this machine, also where the resolver does not know names below localhost. */
const lookup = (_name, options, found) =>
  options.all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4);

/** Asks the API through the edge, whose root certificate `meshdev expose` puts into NODE_EXTRA_CA_CERTS. */
async function visits() {
  const headers = { Authorization: `Bearer ${API_TOKEN}` };
  const [answer] = await once(get(`${API_URL}/visits`, { headers, lookup }), 'response');
  if (answer.statusCode === 200) return (await json(answer)).visits;
  answer.resume();
  throw new Error(`the API answered ${answer.statusCode}`);
}

const server = createServer(async (request, response) => {
  if (request.url !== '/') return response.writeHead(404).end();
  try {
    const page = `<!doctype html>\n<html lang="en">\n<title>Visits</title>\n<p id="visits">${await visits()}</p>\n</html>\n`;
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
  } catch (error) {
    response.writeHead(502, { 'Content-Type': 'text/plain' }).end(`${error.message}\n`);
  }
});

server.listen(Number(PORT), '127.0.0.1');
