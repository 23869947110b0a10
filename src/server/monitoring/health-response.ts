/** The response to a health check, in the forms of oslo.middleware. */
import {negotiateType} from '../http/accept.js'
import type {Health, ProbeResult} from './health.js'

/** A response, independent of what sends it. */
export interface HealthResponse {
  readonly status: 200 | 503
  readonly contentType: string
  readonly body: string
}

/**
 * Checks the health. Without details a response names what fails, but not why: reasons may name hosts and folders.
 * @param accept value of the Accept header
 */
export async function checkHealth(
  health: Health,
  accept: string | undefined,
  isDetailed: boolean,
): Promise<HealthResponse> {
  const results = await health.check()
  const reasons = results === 'drained' ? ['DISABLED BY FILE'] : listReasons(results, isDetailed)
  const isHealthy = reasons.length === 0
  const status = isHealthy ? 200 : 503
  const shown = isHealthy ? ['OK'] : reasons
  if (negotiateType(accept, ['text/plain', 'application/json']) !== 'application/json')
    return {status, contentType: 'text/plain; charset=UTF-8', body: shown.join('\n')}
  const checks = isDetailed && results !== 'drained' ? {checks: results.map(toCheck)} : {}
  const body = JSON.stringify({detailed: isDetailed, reasons: shown, ...checks})
  return {status, contentType: 'application/json', body}
}

function listReasons(results: readonly ProbeResult[], isDetailed: boolean): readonly string[] {
  return results.flatMap(({name, problem}) => {
    if (problem === undefined) return []
    return `${name}: ${isDetailed ? problem : 'unavailable'}`
  })
}

function toCheck({name, problem = 'OK'}: ProbeResult): object {
  return {name, result: problem}
}
