/** Words behind a command, declared once. Never read from standard input: that is where the image comes from. */
import * as Args from '@oclif/core/args'

const singleArg = (description: string) => Args.string({description, ignoreStdin: true})
const listArg = (description: string) => Args.string({description, ignoreStdin: true, multiple: true})

export const imageArg = singleArg('Id or name of the image')
export const imagesArg = listArg('Ids or names of the images')
export const memberArg = singleArg('Id of the project that the image is shared with')
export const fieldsArg = listArg('What the image is to be, as field=value')
export const filtersArg = listArg('Which images are listed, as field=value')
/** One list, because the framework lets nothing optional stand before a list. */
export const idAndFieldsArg = listArg('Id or name of the image, and what it is to be, as field=value')
export const memberStatusArg = singleArg('What the member says: accepted, rejected or pending')
