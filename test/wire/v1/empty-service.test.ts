/** Lists of a service without images, as recorded (section B). */
import {replay} from './replay.js'

replay(
  'an empty service',
  `
B1 the index of an empty service is an empty list
> GET /v1/images
< 200
< (names)

B2 the detailed list of an empty service is an empty list
> GET /v1/images/detail
< 200
< (names)

B3 HEAD on the detailed list is 405, and Allow names GET only
> HEAD /v1/images/detail
< 405 | allow: GET
< (empty)

B4 HEAD on the index is 405, and Allow names GET and POST
> HEAD /v1/images
< 405 | allow: GET, POST
< (empty)
`,
)
