/** Programs in front of a service: proxies on free ports, and a browser. */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import net, {type AddressInfo} from 'node:net'

/** Like `describe`, but skipped if a program is not installed. */
export function describeWith(program: string): Mocha.SuiteFunction | Mocha.PendingSuiteFunction {
  return spawnSync('sh', ['-c', `command -v ${program}`], {env: withSbin()}).status === 0
    ? describe
    : describe.skip
}

/** Call within `describe`: starts programs, which are stopped after each test with all that they started. */
export function usePrograms(): (program: string, args: readonly string[]) => ChildProcess {
  const running: ChildProcess[] = []
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null) continue
      process.kill(-(child.pid ?? 0), 'SIGKILL')
      await once(child, 'exit')
    }
  })
  return (program, args) => {
    const child = spawn(program, args, {detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: withSbin()})
    running.push(child)
    return child
  }
}

/** Servers are often in folders that only administrators search. */
function withSbin(): NodeJS.ProcessEnv {
  return {...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`}
}

/** A port that is free now. */
export async function findFreePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Waits until a program accepts connections. @throws Error with its messages if it ends before */
export async function waitUntilListening(child: ChildProcess, port: number): Promise<void> {
  let messages = ''
  child.stderr?.on('data', chunk => {
    messages += chunk
  })
  while (child.exitCode === null) {
    const socket = net.connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
  }
  throw new Error(`the program ended: ${messages}`)
}
