/** A RabbitMQ for tests, at the URL in RABBITMQ_URL, and receivers of Debian's Python; without them the tests are skipped. */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {connect} from 'amqplib'

export const RABBITMQ = process.env['RABBITMQ_URL'] ?? ''

const PYTHON = '/usr/bin/python3'

/** Declares tests that are skipped without a server, or without the receivers. */
export function describeRabbit(title: string, tests: () => void): void {
  const isThere = RABBITMQ !== '' && spawnSync(PYTHON, ['-c', 'import oslo_messaging']).status === 0
  if (isThere) describe(title, tests)
  else describe.skip(title, tests)
}

/** A notification as a receiver hears it. */
export interface Heard {
  readonly id: string
  readonly priority: string
  readonly publisher: string
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** A receiver that runs. */
export interface Receiver {
  readonly heard: readonly Heard[]
  /** Waits until it has heard so many. */
  count(expected: number): Promise<readonly Heard[]>
  /** Waits until the condition holds for what it has heard. */
  until(condition: (heard: readonly Heard[]) => boolean): Promise<readonly Heard[]>
}

/** Prints each notification as JSON, for a URL and a topic. */
const OSLO = `
import json, sys
import oslo_messaging
from oslo_config import cfg
from oslo_messaging.server import _pool_opts
conf = cfg.ConfigOpts()
conf.register_opts(_pool_opts)
conf([], project='listener')
# Several threads would print in another order than that of the messages.
conf.set_override('executor_thread_pool_size', 1)
transport = oslo_messaging.get_notification_transport(conf, sys.argv[1])
class Endpoint:
    def hear(self, priority, publisher_id, event_type, payload, metadata):
        print(json.dumps({'id': metadata['message_id'], 'priority': priority, 'publisher': publisher_id,
                          'type': event_type, 'payload': payload}), flush=True)
    def info(self, ctxt, *facts): self.hear('info', *facts)
    def error(self, ctxt, *facts): self.hear('error', *facts)
target = oslo_messaging.Target(exchange='glance', topic=sys.argv[2])
listener = oslo_messaging.get_notification_listener(transport, [target], [Endpoint()], executor='threading')
listener.start()
print('ready', flush=True)
sys.stdin.read()
`

/** The same for the queue of 2011, as its client has it. */
const KOMBU = `
import json, sys
from kombu import Connection
queue = Connection(sys.argv[1].replace('rabbit:', 'amqp:')).SimpleQueue(sys.argv[2] + '.INFO')
print('ready', flush=True)
while True:
    message = queue.get(block=True)
    m = message.payload
    print(json.dumps({'id': m['message_id'], 'priority': m['priority'], 'publisher': m['publisher_id'],
                      'type': m['event_type'], 'payload': m['payload']}), flush=True)
    message.ack()
`

/** Call within `describe`. */
export function useRabbit() {
  const children: ChildProcess[] = []
  let topic = ''
  beforeEach(() => {
    topic = `glance_test_${randomBytes(6).toString('hex')}`
  })
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(children.splice(0).map(child => child.exitCode ?? once(child, 'exit')))
    await deleteQueues(['info', 'error', 'INFO', 'ERROR'].map(priority => `${topic}.${priority}`))
  })
  return {
    /** A topic of the test that runs. */
    topic: () => topic,
    /** Starts a receiver of that topic. */
    listen: async (kind: 'oslo' | 'kombu' = 'oslo'): Promise<Receiver> => {
      const script = kind === 'oslo' ? OSLO : KOMBU
      const url = RABBITMQ.replace(/^amqp:/, 'rabbit:')
      const child = spawn(PYTHON, ['-c', script, url, topic], {stdio: ['pipe', 'pipe', 'inherit']})
      children.push(child)
      const lines = createInterface({input: child.stdout})
      const [ready] = (await once(lines, 'line')) as [string]
      if (ready !== 'ready') throw new Error(`the receiver said ${ready}`)
      const heard: Heard[] = []
      lines.on('line', line => heard.push(JSON.parse(line) as Heard))
      const until = async (condition: (heard: readonly Heard[]) => boolean) => {
        while (!condition(heard)) await once(lines, 'line')
        return heard
      }
      return {heard, until, count: expected => until(() => heard.length >= expected)}
    },
  }
}

async function deleteQueues(names: readonly string[]): Promise<void> {
  const connection = await connect(RABBITMQ)
  const channel = await connection.createChannel()
  for (const name of names) await channel.deleteQueue(name)
  for (const name of names.filter(one => /[A-Z]+$/.test(one))) await channel.deleteExchange(name)
  await connection.close()
}
