/** A RabbitMQ that takes everything: it speaks as much of AMQP 0-9-1 as a publisher with confirms needs, and notes what it gets. */
import net from 'node:net'
import {listen, type Served} from './http/serve.js'

/** A broker in memory. */
export interface FakeBroker extends Served {
  /** What clients have sent, in their order: `user`, `vhost`, `queue`, `publish`, each with its value. */
  readonly seen: string[]
  /** Resolves when a line that begins so was seen. */
  waitFor(start: string): Promise<string>
}

const short = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
const long = (text: string) => Buffer.concat([number(4, text.length), Buffer.from(text)])

function number(bytes: number, value: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntBE(value, Math.max(0, bytes - 6), Math.min(6, bytes))
  return buffer
}

/** The frame of a method. */
function frame(channel: number, id: readonly [number, number], ...args: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([number(2, id[0]), number(2, id[1]), ...args])
  return Buffer.concat([
    Buffer.from([1]),
    number(2, channel),
    number(4, payload.length),
    payload,
    Buffer.from([0xce]),
  ])
}

const START = frame(0, [10, 10], Buffer.from([0, 9]), number(4, 0), long('PLAIN'), long('en_US'))

/** Starts a broker. @param host address on which it listens */
export async function startFakeBroker(host = '127.0.0.1'): Promise<FakeBroker> {
  const seen: string[] = []
  let wake = () => {}
  const note = (line: string) => {
    seen.push(line)
    wake()
  }
  const served = await listen(
    net.createServer(socket => {
      let waiting = Buffer.alloc(0)
      let hasBegun = false
      let published = 0
      socket.on('error', () => {})
      socket.on('data', chunk => {
        waiting = Buffer.concat([waiting, chunk])
        if (!hasBegun && waiting.length >= 8) {
          note(`begins ${waiting[0] === 0x16 ? 'TLS' : waiting.toString('latin1', 0, 4)}`)
          hasBegun = true
          waiting = waiting.subarray(8)
          socket.write(START)
        }
        while (waiting.length >= 7 && waiting.length >= waiting.readUInt32BE(3) + 8) {
          const end = waiting.readUInt32BE(3) + 8
          answer(waiting.subarray(0, end))
          waiting = waiting.subarray(end)
        }
      })
      function answer(bytes: Buffer): void {
        if (bytes[0] !== 1) return
        const channel = bytes.readUInt16BE(1)
        const args = bytes.subarray(11, -1)
        const name = (at: number) => args.toString('utf8', at + 1, at + 1 + (args[at] ?? 0))
        const method = `${bytes.readUInt16BE(7)}.${bytes.readUInt16BE(9)}`
        if (method === '10.11') {
          const [, user = '', password = ''] =
            /\0([^\0]+)\0([^\0]+?)\x05en_US/.exec(args.toString('latin1')) ?? []
          note(`user ${user} ${password}`)
          socket.write(frame(0, [10, 30], number(2, 0), number(4, 131_072), number(2, 0)))
        } else if (method === '10.40') {
          note(`vhost ${name(0)}`)
          socket.write(frame(0, [10, 41], short('')))
        } else if (method === '20.10') socket.write(frame(channel, [20, 11], long('')))
        else if (method === '85.10') socket.write(frame(channel, [85, 11]))
        else if (method === '40.10') socket.write(frame(channel, [40, 11]))
        else if (method === '50.10') {
          note(`queue ${name(2)}`)
          socket.write(frame(channel, [50, 11], short(name(2)), number(4, 0), number(4, 0)))
        } else if (method === '50.20') socket.write(frame(channel, [50, 21]))
        else if (method === '60.40') {
          const exchange = args[2] ?? 0
          note(`publish ${name(3 + exchange)}`)
          published += 1
          socket.write(frame(channel, [60, 80], number(8, published), Buffer.from([0])))
        } else if (method === '20.40') socket.write(frame(channel, [20, 41]))
        else if (method === '10.50') socket.write(frame(0, [10, 51]))
      }
    }),
    host,
  )
  const waitFor = async (start: string): Promise<string> => {
    for (;;) {
      const found = seen.find(line => line.startsWith(start))
      if (found !== undefined) return found
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
  return {...served, seen, waitFor}
}
