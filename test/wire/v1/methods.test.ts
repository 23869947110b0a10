/** Methods and paths that do not exist, as recorded (section K). */
import {replay} from './replay.js'
import {refuse} from './shorthand.js'

/** A method that the path does not have. */
const notAllowed = (title: string, request: string, allow: string) => `${title}
> ${request}
< 405 | allow: ${allow}
< (html) The method ${request.split(' ')[0]} is not allowed for this resource. <br /><br />`

replay(
  'methods and paths',
  [
    notAllowed('K1 PUT of the collection is 405', 'PUT /v1/images', 'GET, POST'),
    notAllowed('K2 DELETE of the collection is 405', 'DELETE /v1/images', 'GET, POST'),
    notAllowed('K3 PATCH of the collection is 405', 'PATCH /v1/images', 'GET, POST'),
    `K4 OPTIONS of the collection answers 200
> OPTIONS /v1/images
< 200
< (empty)`,
    notAllowed('K5 POST to an image is 405', 'POST /v1/images/#223', 'GET, HEAD, PUT, DELETE'),
    notAllowed('K6 PATCH of an image is 405', 'PATCH /v1/images/#223', 'GET, HEAD, PUT, DELETE'),
    notAllowed('K7 an unknown method for an image is 405', 'FROB /v1/images/#223', 'GET, HEAD, PUT, DELETE'),
    notAllowed('K8 POST to the detailed list is 405', 'POST /v1/images/detail', 'GET, HEAD'),
    notAllowed('K9 PUT of the detailed list is 405', 'PUT /v1/images/detail', 'GET, HEAD'),
    refuse(
      'K10 an unknown path below an image is 404',
      'GET /v1/images/#223/nosuch',
      '404 The resource could not be found.<br /><br />',
    ),
    refuse(
      'K11 an unknown path below /v1 is 404',
      'GET /v1/nosuch',
      '404 The resource could not be found.<br /><br />',
    ),
    refuse('K12 /v1/image is 404', 'GET /v1/image/#223', '404 The resource could not be found.<br /><br />'),
    refuse(
      'K13 /v1/cached_images is 404',
      'GET /v1/cached_images',
      '404 The resource could not be found.<br /><br />',
    ),
  ].join('\n\n'),
)
