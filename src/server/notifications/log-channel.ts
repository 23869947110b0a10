/** Writes events into the log of the service, for the strategy `logging`. */
import {toMessage} from './messages.js'
import type {Channel} from './publisher.js'

/** @param log receives a line for each event */
export function createLogChannel(log: (line: string) => void): Channel {
  return {
    open: async () => {},
    send: async events => {
      for (const event of events) log(`notification ${toAscii(JSON.stringify(toMessage(event)))}`)
      return events.map(({id}) => id)
    },
    close: async () => {},
  }
}

/** The same JSON in ASCII, so that control characters in names and properties do not reach a terminal. */
function toAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
