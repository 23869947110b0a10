/** The address for metrics and detailed health checks, apart from that of clients. */
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {Health} from './health.js'
import {checkHealth} from './health-response.js'
import type {Metrics} from './metrics.js'

/** Creates the server, which has no other resources. */
export function createMonitorServer(health: Health, metrics: Metrics): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').replace(/\?.*$/s, '')
    if (!/^(GET|HEAD)$/.test(request.method ?? ''))
      return send(response, 405, 'text/plain', '405 Method Not Allowed')
    if (path === '/metrics') return send(response, 200, metrics.contentType, await metrics.read())
    if (path !== '/healthcheck') return send(response, 404, 'text/plain', '404 Not Found: try /metrics')
    const {status, contentType, body} = await checkHealth(health, request.headers.accept, true)
    return send(response, status, contentType, body)
  }
  return createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response
    .writeHead(status, {'content-type': contentType, 'content-length': Buffer.byteLength(body)})
    .end(body)
}
