import { createServer, type Server } from 'node:http';
import type { Metrics } from '@bursar/observe/prometheus';

/** Answers a scrape of Prometheus, on a server of its own: what metrics tell is for nobody outside. */
export function metricsServer(metrics: Metrics): Server {
  return createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    metrics.answer().then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.writeHead(500).end(),
    );
  });
}
