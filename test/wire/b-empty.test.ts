/** Section B of the recorded exchanges: Lists of a service without images. */
import {witness} from './witness.js'

witness(
  'B. Lists of a service without images',
  `
B1 index
> GET /v1/images
< 200
< (names)

B2 detail
> GET /v1/images/detail
< 200
< (names)

B3 HEAD on detail
> HEAD /v1/images/detail
< 405 | allow: GET
< (empty)

B4 HEAD on index
> HEAD /v1/images
< 405 | allow: GET, POST
< (empty)
`,
)
