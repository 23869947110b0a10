/** The access log: one line for each request, however it ended. */
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {Front} from './front/front.js'

/** Ids for the log; null: none. */
interface CallerIds {
  readonly project: string | null
  readonly user: string | null
}

const CALLERS = new WeakMap<FastifyRequest, CallerIds>()
const UNKNOWN: CallerIds = {project: null, user: null}

/** Tells the log who sends a request. */
export function nameCaller(request: FastifyRequest, caller: CallerIds): void {
  CALLERS.set(request, caller)
}

/** Receives a line, and what is in it. */
type LogAccess = (line: string, facts: Readonly<Record<string, string | number>>) => void

/**
 * Logs a request when its response has ended or its connection has closed: client, project, user, request line, status,
 * bytes, milliseconds. The status is `-` if no response was sent, project and user if they are not known.
 * @param front knows the client
 * @param log receives the line
 */
export function logAccess(request: FastifyRequest, reply: FastifyReply, front: Front, log: LogAccess): void {
  const startedAt = performance.now()
  const {socket, raw} = {socket: request.raw.socket, raw: reply.raw}
  const client = front.findClient(request.raw) ?? '-'
  const bytesBefore = socket.bytesWritten
  raw.once('close', () => {
    const status = raw.headersSent ? raw.statusCode : '-'
    const suffix = raw.writableFinished ? '' : ' (cut off)'
    const bytes = socket.bytesWritten - bytesBefore
    const milliseconds = Math.round(performance.now() - startedAt)
    const [project, user] = describeCaller(request)
    const line = formatRequestLine(request)
    log(`${client} ${project} ${user} "${line}" ${status} ${bytes} ${milliseconds}ms${suffix}`, {
      request_id: request.id,
      ...{
        client,
        project_id: project,
        user_id: user,
        request: line,
        status,
        bytes,
        milliseconds,
      },
    })
  })
}

/** Project and user, each as one word. */
function describeCaller(request: FastifyRequest): readonly [project: string, user: string] {
  const {project, user} = CALLERS.get(request) ?? UNKNOWN
  return [escapeText(project || '-', /[^\x21-\x7e]/g), escapeText(user || '-', /[^\x21-\x7e]/g)]
}

/** Escapes everything but printable ASCII, so that control characters do not reach a terminal. */
function formatRequestLine(request: FastifyRequest): string {
  const line = `${request.method} ${request.originalUrl} HTTP/${request.raw.httpVersion}`
  return escapeText(line, /[^\x20-\x7e]/g)
}

function escapeText(text: string, characters: RegExp): string {
  return text.replace(characters, char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
