/** Section K of the recorded exchanges: Methods and paths that do not exist. */
import {witness} from './witness.js'

witness(
  'K. Methods and paths that do not exist',
  `
K1 PUT /v1/images
> PUT /v1/images
< 405 | allow: GET, POST
< (html) The method PUT is not allowed for this resource. <br /><br />

K2 DELETE /v1/images
> DELETE /v1/images
< 405 | allow: GET, POST
< (html) The method DELETE is not allowed for this resource. <br /><br />

K3 PATCH /v1/images
> PATCH /v1/images
< 405 | allow: GET, POST
< (html) The method PATCH is not allowed for this resource. <br /><br />

K4 OPTIONS /v1/images
> OPTIONS /v1/images
< 200
< (empty)

K5 POST /v1/images/#223
> POST /v1/images/#223
< 405 | allow: GET, HEAD, PUT, DELETE
< (html) The method POST is not allowed for this resource. <br /><br />

K6 PATCH /v1/images/#223
> PATCH /v1/images/#223
< 405 | allow: GET, HEAD, PUT, DELETE
< (html) The method PATCH is not allowed for this resource. <br /><br />

K7 FROB /v1/images/#223
> FROB /v1/images/#223
< 405 | allow: GET, HEAD, PUT, DELETE
< (html) The method FROB is not allowed for this resource. <br /><br />

K8 POST /v1/images/detail
> POST /v1/images/detail
< 405 | allow: GET, HEAD
< (html) The method POST is not allowed for this resource. <br /><br />

K9 PUT /v1/images/detail
> PUT /v1/images/detail
< 405 | allow: GET, HEAD
< (html) The method PUT is not allowed for this resource. <br /><br />

K10 GET /v1/images/#223/nosuch
> GET /v1/images/#223/nosuch
< 404
< (html) The resource could not be found.<br /><br />

K11 GET /v1/nosuch
> GET /v1/nosuch
< 404
< (html) The resource could not be found.<br /><br />

K12 GET /v1/image/#223
> GET /v1/image/#223
< 404
< (html) The resource could not be found.<br /><br />

K13 GET /v1/cached_images
> GET /v1/cached_images
< 404
< (html) The resource could not be found.<br /><br />
`,
)
