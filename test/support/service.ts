/** The embedded service on a free port over a folder of its own, for tests that want a real one. */
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {serverSettings} from '../../src/server/config.js'
import {createServer} from '../../src/server/server.js'

export interface TestService {
  readonly url: string
  /** What the service logged, a line per request. */
  readonly log: readonly string[]
  readonly dataDir: string
  close(): Promise<void>
}

/** Starts a service; it goes with its folder when it is closed. */
export async function startService(): Promise<TestService> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'glance-test-'))
  const log: string[] = []
  const settings = serverSettings({port: 0, dataDir, shutdownSeconds: 5}, {})
  const server = await createServer(settings, {
    log: line => void log.push(line),
    warn: line => void log.push(line),
  })
  const url = await server.listen()
  const close = async () => {
    await server.close()
    await rm(dataDir, {recursive: true, force: true})
  }
  return {url, log, dataDir, close}
}
