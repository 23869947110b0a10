/** Words behind a command, declared once. Never read from standard input: that is where the image comes from. */
import * as Args from '@oclif/core/args'

const word = (description: string) => Args.string({description, ignoreStdin: true})
const words = (description: string) => Args.string({description, ignoreStdin: true, multiple: true})

export const image = word('Id or name of the image')
export const images = words('Ids or names of the images')
export const memberId = word('Id of the project that the image is shared with')
export const fields = words('What the image is to be, as field=value')
export const filters = words('Which images are listed, as field=value')
/** One list, because the framework lets nothing optional stand before a list. */
export const idAndFields = words('Id or name of the image, and what it is to be, as field=value')
export const memberStatus = word('What the member says: accepted, rejected or pending')
