/** The methods of the registry over HTTP, for API servers: one request for each call. */
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify'
import {badRequest} from '../../http/http-error.js'
import {readJsonBody} from '../../http/json-body.js'
import type {Registry} from '../../registry/registry.js'
import {isListOf, isOptional, isRecordOf, isText} from '../../registry/remote/checks.js'
import type {ProcedureCall, ProcedureResult} from '../../registry/remote/procedures.js'
import {RegistryUnavailable} from '../../registry/unavailable.js'
import {requireJson} from '../requests.js'
import {Outdated} from './decisions.js'
import type {Deletions} from './deletions.js'
import {createProcedures, type Procedure} from './procedures.js'

/** Limits of a request: an image with all that it may have is much smaller. */
const LIMITS = {maxBytes: 16 * 1024 * 1024, maxDepth: 100}

/** What the procedures use. */
export interface RpcServices {
  readonly registry: Registry
  readonly deletions: Deletions
  readonly warn: (line: string) => void
}

type RpcRequest = FastifyRequest<{Params: {readonly name: string}}>

/** Registers `POST /rpc/NAME` for each procedure, and `GET /rpc/deletions`. */
export function addRpcRoutes(app: FastifyInstance, {registry, deletions, warn}: RpcServices): void {
  const procedures = createProcedures(registry, deletions)
  app.post('/rpc/:name', async (request: RpcRequest, reply) => {
    const {name} = request.params
    const procedure = procedures.get(name)
    if (procedure === undefined) return reply.callNotFound()
    requireJson(request)
    const {args, decision} = requireCall(procedure, await readJsonBody(request.raw, LIMITS))
    try {
      return send(reply, 200, {result: await procedure.run(args, decision)})
    } catch (error) {
      if (error instanceof Outdated) return send(reply, 409, {sight: error.sight})
      const code = findDatabaseCode(error)
      if (code === undefined) throw error
      warn(`${request.id} ${name} failed: the database reports ${code}`)
      return reply.code(500).send({databaseError: code})
    }
  })
  app.get('/rpc/deletions', (_request, reply) =>
    reply.header('content-type', 'application/x-ndjson').send(deletions.open()),
  )
}

const isCall = isRecordOf({
  args: isListOf(() => true),
  decision: isOptional(isRecordOf({revision: isText, changes: () => true})),
})

/** @throws HttpError 400 for anything that the procedure does not take */
function requireCall(procedure: Procedure, body: object | undefined): ProcedureCall {
  if (!isCall(body)) throw badRequest('Expected {"args": [...]}, and a decision where one is made.')
  const call = body as ProcedureCall
  const index = procedure.args.findIndex((check, n) => !check(call.args[n]))
  if (index >= 0) throw badRequest(`Invalid argument ${index + 1}. Is this of another release?`)
  if (call.args.length > procedure.args.length) throw badRequest('There are too many arguments.')
  if (call.decision === undefined || procedure.decided?.(call.decision.changes)) return call
  throw badRequest('Invalid decision. Is this of another release?')
}

function send(reply: FastifyReply, status: number, body: ProcedureResult): FastifyReply {
  const {result} = body
  return reply.code(status).send(result instanceof Map ? {result: [...result]} : body)
}

/** The code of an error of the database, or of the system; undefined for a defect, and while the database is away. */
function findDatabaseCode(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error) || error instanceof RegistryUnavailable) return undefined
  const code = String(error.code)
  return /^\w+$/.test(code) && !code.startsWith('ERR_') ? code : undefined
}
