// The web front end, on the machine of whoever develops it. No packages are needed.
import { createServer } from 'node:http';

const page = `<!doctype html>
<html lang="en">
  <title>Shop</title>
  <h1>Shop</h1>
  <p id="host"></p>
  <p id="clock"></p>
  <script>
    document.getElementById('host').textContent = location.origin;
    new EventSource('/clock').onmessage = ({ data }) => {
      document.getElementById('clock').textContent = data;
    };
  </script>
</html>
`;

/** Server-sent events: the time, twice a second. */
function tell(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const clock = setInterval(() => response.write(`data: ${new Date().toISOString()}\n\n`), 500);
  response.once('close', () => clearInterval(clock));
}

const server = createServer((request, response) => {
  if (request.url === '/clock') tell(response);
  else response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
});

server.listen(Number(process.env.PORT ?? 5173), '127.0.0.1');
