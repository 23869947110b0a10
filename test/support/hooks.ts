/** Hooks of every test: no connection leaves this machine, and no variable of the user is read. */
import net from 'node:net'

const loopback = /^(127\.|::1$|::ffff:127\.|localhost$)/

for (const name of Object.keys(process.env)) {
  if (/^(OS_|GLANCE_)/.test(name) || /^(https?|no|all)_proxy$/i.test(name)) delete process.env[name]
}

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]): net.Socket {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  const host = typeof first === 'object' && first !== null && 'host' in first ? first.host : undefined
  if (typeof host === 'string' && !loopback.test(host)) {
    throw new Error(`a test tried to connect to ${host}`)
  }
  return Reflect.apply(connect, this, args)
} as typeof connect
