/** A source of imports and copies that sends a part of its data, and the rest when a test wants it. */
import type {ServerResponse} from 'node:http'
import {type Served, serve} from './serve.js'

/** The source of one test; its data is `data`. */
export interface SlowSource {
  /** Its URL. */
  readonly url: () => string
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
  beforeEach(async () => {
    waiting = []
    isPatient = true
    source = await serve(({method}, response) => {
      response.setHeader('content-length', 4)
      if (method === 'HEAD' || !isPatient) return void response.end('data')
      response.write('d')
      waiting.push(response)
    })
  })
  afterEach(() => source.close())
  return {
    url: () => source.url,
    answerAtOnce: () => {
      isPatient = false
    },
    sendRest: () => {
      for (const response of waiting) response.end('ata')
    },
  }
}
