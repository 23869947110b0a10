/** Prints a line when it listens for signals, then the reason for which it is interrupted. */
import {systemIo} from '../../../../src/lib/io/system-io.js'

const {interrupted} = systemIo()
const timer = setInterval(() => {}, 1000)
interrupted.addEventListener('abort', () => {
  clearInterval(timer)
  console.log(String(interrupted.reason.message))
})
console.log('listening')
