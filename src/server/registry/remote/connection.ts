/** The connection to a registry server: calls, their errors, and whether the server is away. */
import {parseJson} from '../../../lib/http/json/parse-json.js'
import type {Reply, Request, Send} from '../../../lib/http/message.js'
import {createTransport} from '../../../lib/http/send.js'
import {isFailure} from '../../../lib/model/errors.js'
import {RegistryUnavailable} from '../unavailable.js'
import type {ProcedureCall, ProcedureResult} from './procedures.js'

/** Where a registry server is, and how to reach it. */
export interface RegistryServer {
  /** `http://HOST:PORT` */
  readonly url: string
  /** The secret that it asks for; absent: none. */
  readonly token?: string | undefined
  /** File with the certificates of authorities for https; absent: those of the system. */
  readonly caFile?: string | undefined
  /** Largest number of connections. */
  readonly connections: number
  /** Seconds to wait for the answer to a call. */
  readonly timeout: number
}

/** Calls procedures. Every error of the connection is a `RegistryUnavailable`. */
export class RegistryConnection {
  readonly #server: RegistryServer
  readonly #warn: (line: string) => void
  readonly #send: Send
  readonly #stream: Send
  readonly #transports
  #isAway = false

  /** @param warn receives a line when the server is away, and when it is there again */
  constructor(server: RegistryServer, warn: (line: string) => void) {
    const {connections, timeout: timeoutSeconds, caFile} = server
    const options = {
      service: 'the registry server',
      addressFrom: 'registry_host',
      ...(caFile === undefined ? {} : {cacert: {value: caFile, from: 'registry_client_ca_file'}}),
    }
    const transport = createTransport({...options, connections, timeoutSeconds})
    const streams = createTransport({...options, timeoutSeconds: 0})
    this.#server = server
    this.#warn = warn
    this.#send = transport.send
    this.#stream = streams.send
    this.#transports = [transport, streams]
  }

  /** Calls a procedure without a decision. @throws RegistryUnavailable, or an error with the code of the database */
  async call(name: string, args: readonly unknown[]): Promise<unknown> {
    return (await this.post(name, {args})).result
  }

  /**
   * Calls a procedure. A request is never repeated: whether the change was made is not known when the response is lost.
   * @returns its result, or the state of the image if it is not the one of the decision
   */
  async post(name: string, {args, decision}: ProcedureCall): Promise<ProcedureResult> {
    const body = JSON.stringify({args: dropAbsent(args), decision})
    const url = `${this.#server.url}/rpc/${name}`
    const headers = {...this.#headers(), 'content-type': 'application/json'}
    // Also for requests that wait for a connection.
    const signal = AbortSignal.timeout(this.#server.timeout * 1000)
    const {status, text} = await this.#exchange({method: 'POST', url, headers, body, signal})
    const result = status === 200 || status === 409 ? parseResult(text) : undefined
    if (result === undefined && !ERRORS.has(status)) throw this.#report(describeAnswer(status))
    this.#reportAnswer()
    if (result === undefined) throw toError(status, text)
    return result
  }

  /** Opens the stream of deletions. @throws any error */
  async listen(signal: AbortSignal): Promise<Reply> {
    const url = `${this.#server.url}/rpc/deletions`
    const reply = await this.#stream({method: 'GET', url, headers: this.#headers(), signal})
    if (reply.status === 200) return reply
    reply.body.destroy()
    throw new Error(`it answered ${reply.status}`)
  }

  async close(): Promise<void> {
    await Promise.all(this.#transports.map(transport => transport.close()))
  }

  #headers(): Record<string, string> {
    const {token} = this.#server
    return {accept: 'application/json', ...(token === undefined ? {} : {authorization: `Bearer ${token}`})}
  }

  async #exchange(request: Request): Promise<{readonly status: number; readonly text: string}> {
    try {
      const reply = await this.#send(request)
      return {status: reply.status, text: await reply.text()}
    } catch (error) {
      const silence = `no answer within ${this.#server.timeout} seconds`
      const isSilent = request.signal?.aborted ?? false
      throw this.#report(isSilent ? silence : describeFailure(error), error)
    }
  }

  #report(why: string, cause?: unknown): RegistryUnavailable {
    if (!this.#isAway) this.#warn(`the registry server is not available: ${why}`)
    this.#isAway = true
    return new RegistryUnavailable(why, cause)
  }

  #reportAnswer(): void {
    if (this.#isAway) this.#warn('the registry server is available again')
    this.#isAway = false
  }
}

/** Statuses by which a registry server reports a defect. Any other is of a server that cannot be used now. */
const ERRORS: ReadonlySet<number> = new Set([400, 413, 500])

/** Undefined for anything that is not a result. */
function parseResult(text: string): ProcedureResult | undefined {
  try {
    const value = parseJson(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function describeFailure(error: unknown): string {
  return isFailure(error) ? [error.message, error.why].filter(Boolean).join(': ') : String(error)
}

function describeAnswer(status: number): string {
  if (status === 401) return 'it does not accept registry_token'
  if (status === 503) return 'its database does not answer'
  return `it answered ${status}. Check that a registry server listens there.`
}

/** Arguments at the end that are undefined would arrive as null. */
function dropAbsent(args: readonly unknown[]): readonly unknown[] {
  return args.slice(0, args.findLastIndex(value => value !== undefined) + 1)
}

/** An error that the database of the server reported, by whose code it is handled as if it was reported here. */
function toError(status: number, text: string): Error {
  const code = /^\{"databaseError":"(\w+)"\}$/.exec(text)?.[1]
  if (code === undefined) return new Error(`the registry server answered ${status}: ${text.slice(0, 200)}`)
  return Object.assign(new Error(`the database of the registry server reports ${code}`), {code})
}
