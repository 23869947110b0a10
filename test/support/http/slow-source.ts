/** A source of imports and copies that sends a part of its data, and the rest when a test wants it. */
import type {ServerResponse} from 'node:http'
import {setImmediate} from 'node:timers/promises'
import {type Served, serve} from './serve.js'

/** The source of one test; its data is `data`. */
export interface SlowSource {
  /** Its URL. */
  readonly url: () => string
  /** Sends nothing to later requests, not even headers. */
  holdBack(): void
  /** The response that the request with this number waits for, from 0. */
  findWaiting(number: number): Promise<ServerResponse>
  /** Sends all data of later requests at once. */
  answerAtOnce(): void
  /** Sends the rest of the data that is waited for. */
  sendRest(): void
}

/** Call within `describe`: a source for each test. */
export function useSlowSource(): SlowSource {
  let source: Served
  let waiting: ServerResponse[]
  let isPatient: boolean
  let first: string
  beforeEach(async () => {
    waiting = []
    isPatient = true
    first = 'd'
    source = await serve(({method}, response) => {
      response.setHeader('content-length', 4)
      if (method === 'HEAD' || !isPatient) return void response.end('data')
      if (first !== '') response.write(first)
      waiting.push(response)
    })
  })
  afterEach(() => source.close())
  return {
    url: () => source.url,
    holdBack: () => {
      first = ''
    },
    findWaiting: async number => {
      for (;;) {
        const response = waiting[number]
        if (response) return response
        await setImmediate()
      }
    },
    answerAtOnce: () => {
      isPatient = false
    },
    sendRest: () => {
      for (const response of waiting) response.end('ata')
    },
  }
}
